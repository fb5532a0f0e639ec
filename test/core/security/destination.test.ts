import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/core/security/destination.ts";

const STRICT = { allowPrivate: false };
const OPEN = { allowPrivate: true };

const refused = (url: string, policy = STRICT) => typeof checkDestination(url, policy) === "string";

const PRIVATE: Record<string, string[]> = {
  loopback: ["127.0.0.1", "127.255.255.254", "localhost", "LOCALHOST", "api.localhost", "localhost.localdomain"],
  "loopback as one number": ["2130706433", "0x7f000001", "017700000001", "0x7F000001"],
  "loopback in octal and hex parts": ["0177.0.0.1", "0x7f.0.0.1", "0x7f.0x0.0x0.0x1", "00177.0.0.01"],
  "loopback in fewer parts": ["127.1", "127.0.1", "0x7f.1", "0177.1"],
  "loopback in other letters": ["127。0。0。1", "１２７.0.0.1", "①②⑦.0.0.1", "ⓛocalhost", "%31%32%37.0.0.1", "0ｘ7f.1"],
  "any address": ["0.0.0.0", "0", "0.1.2.3"],
  "RFC 1918": ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  "RFC 1918 in other notations": ["167772161", "0xa000001", "012.0.0.1", "192.168.257", "0xC0A80001", "3232235521"],
  "link-local and cloud metadata": ["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.1"],
  "metadata names": ["metadata.google.internal", "metadata", "instance-data.ec2.internal", "Metadata.Google.Internal."],
  "metadata of other clouds": ["168.63.129.16", "192.0.0.192", "100.100.100.200", "[fd00:ec2::254]", "[fd20:ce::254]"],
  "carrier NAT, another metadata address": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
  "special purpose": ["192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.9"],
  "multicast, reserved, broadcast": ["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  "trailing dots": ["127.0.0.1.", "localhost.", "10.0.0.1.", "db.internal.", "2130706433."],
  "IPv6 loopback and any": ["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"],
  "IPv6 local": ["[fe80::1]", "[fe80::a00:27ff:fe4e:66a1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]"],
  "IPv6 multicast and documentation": ["[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]"],
  "IPv4 mapped into IPv6": ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[::ffff:10.0.0.1]"],
  "IPv4 compatible and translated": ["[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[::ffff:0:a9fe:a9fe]"],
  "IPv4 behind NAT64": ["[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::10.0.0.1]"],
  "IPv4 in 6to4, Teredo, ISATAP": [
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2002:808:808::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[2606:4700::5efe:10.0.0.1]",
    "[2606:4700::200:5efe:7f00:1]",
  ],
  "names of a local network": ["intranet", "db", "printer.local", "nas.lan", "router.home.arpa", "x.corp", "a.test"],
  "names within a cluster": [
    "host.docker.internal",
    "kubernetes.default.svc",
    "api.default.svc.cluster.local",
    "x.private",
  ],
  "names in other letters": [
    "ＬＯＣＡＬＨＯＳＴ",
    "localhost。",
    "db。internal",
    "metadata.google.ｉｎｔｅｒｎａｌ",
    "lo\u00adcalhost",
  ],
};

const PUBLIC = [
  "https://example.com/hook?x=1#y",
  "http://example.com:8080/",
  "https://8.8.8.8/",
  "https://1.1.1.1:8443/",
  "https://9.255.255.255/",
  "https://11.0.0.0/",
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://192.167.255.255/",
  "https://100.63.255.255/",
  "https://100.128.0.1/",
  "https://126.255.255.255/",
  "https://128.0.0.1/",
  "https://169.253.255.255/",
  "https://223.255.255.255/",
  "https://[2606:4700:4700::1111]/",
  "https://[2a00:1450:4001:81b::200e]:8443/",
  "https://localhost.example.com/",
  "https://internal.example.com/",
  "https://10.0.0.1.example.com/",
  "https://xn--mnchen-3ya.example/",
  "https://168.63.129.15/",
  "https://168.63.129.17/",
  "https://[2606:4700::5eff:a00:1]/",
  "https://svc.example.com/",
];

describe("where requests may go", () => {
  for (const [what, hosts] of Object.entries(PRIVATE)) {
    it(`private addresses are refused in every notation: ${what}`, () => {
      for (const host of hosts) {
        expect([host, refused(`http://${host}/`)]).toEqual([host, true]);
        expect([host, refused(`https://${host}:8443/x?y#z`)]).toEqual([host, true]);
      }
    });

    it(`private addresses are open where they are allowed: ${what}`, () => {
      for (const host of hosts) expect([host, refused(`http://${host}/`, OPEN)]).toEqual([host, false]);
    });
  }

  it("any private IPv4 address is refused, written as number, hex, octal, dotted or mapped", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privates = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
    );
    fc.assert(
      fc.property(privates, (parts) => {
        const number = parts.reduce((sum, part) => sum * 256 + part, 0);
        const dotted = parts.join(".");
        const octal = parts.map((part) => `0${part.toString(8)}`).join(".");
        const spellings = [dotted, `${dotted}.`, String(number), `0x${number.toString(16)}`, octal];
        const [high, low] = [(number >>> 16).toString(16), (number & 0xffff).toString(16)];
        for (const prefix of ["::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "2606:4700::5efe:"]) {
          spellings.push(`[${prefix}${dotted}]`, `[${prefix}${high}:${low}]`);
        }
        spellings.push(`[2002:${high}:${low}::1]`);
        for (const host of spellings) expect([host, refused(`http://${host}/`)]).toEqual([host, true]);
      }),
    );
  });

  it("public addresses pass, and come back as the URL that was given", () => {
    for (const url of PUBLIC) {
      expect(String(checkDestination(url, STRICT))).toBe(url);
      expect(String(checkDestination(url, OPEN))).toBe(url);
    }
  });

  it("what is no absolute http or https URL is refused, allowed or not", () => {
    const wrong = [
      "",
      "/relative",
      "//example.com/",
      "example.com",
      "file:///etc/passwd",
      "ftp://example.com/",
      "gopher://example.com/",
      "javascript:alert(1)",
      "data:text/plain,x",
      "ws://example.com/",
      "blob:https://example.com/x",
      "http://",
      "http://256.1.1.1/",
      "http://exa mple.com/",
      "http://[::1",
      "https://example.com:99999/",
      "http://[fe80::1%25eth0]/",
      "http://[fe80::1%eth0]/",
      "http://[::1]%00.example.com/",
      "http://127.0.0.1:80:80/",
      "http://%00/",
    ];
    for (const url of wrong) {
      for (const policy of [STRICT, OPEN]) expect([url, refused(url, policy)]).toEqual([url, true]);
    }
  });

  it("a user name or password is refused, and not repeated in the reason", () => {
    for (const userinfo of ["user:hunter2", "hunter2", ":hunter2"]) {
      const result = checkDestination(`https://${userinfo}@example.com/`, OPEN);
      expect(result).toEqual(expect.any(String));
      expect(result).not.toContain("hunter2");
    }
    expect(refused("https://example.com@127.0.0.1/")).toBe(true);
    expect(refused("https://127.0.0.1\\@example.com/")).toBe(true);
  });
});
