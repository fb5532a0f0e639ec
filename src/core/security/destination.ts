/** Where outgoing requests may go. The URL parser has already brought every notation of an address into one form. */

interface Policy {
  /** Whether loopback, private and other special addresses are allowed (local development). */
  readonly allowPrivate: boolean;
}

/** Longest URL, in characters: what the gateway itself takes. */
const URL_LIMIT = 16 * 1024;

/** The URL of an outgoing request, or a sentence that says why it is refused. */
export function checkDestination(text: string, { allowPrivate }: Policy): URL | string {
  if (text.length > URL_LIMIT) return `The URL has more than ${URL_LIMIT} characters.`;
  const url = URL.parse(text);
  if (!url) return "The URL is not an absolute URL.";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "The URL must be http or https.";
  if (url.username || url.password) return "The URL must not contain a user name or password; use a header.";
  if (!allowPrivate && isSpecialHost(url.hostname)) return "The URL points to a private or reserved address.";
  return url;
}

/** IPv4 networks that are not public, as network and prefix length: IANA's registry, and a cloud's own in a public range. */
const SPECIAL_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;

const SPECIAL_NAME =
  /^(?:[^.]+|.*\.(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|mail|svc|home\.arpa|onion|alt|test|invalid))$/;

function isSpecialHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  if (host.startsWith("[")) return isSpecialIpv6(host.slice(1, -1));
  if (/^\d+(?:\.\d+){3}$/.test(host)) return isSpecialIpv4(ipv4Number(host));
  return SPECIAL_NAME.test(host);
}

function isSpecialIpv4(address: number): boolean {
  return SPECIAL_IPV4.some(([network, length]) => {
    const shift = 32 - length;
    return address >>> shift === ipv4Number(network) >>> shift;
  });
}

function ipv4Number(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Only global unicast (2000::/3) is public, and of that not what embeds or stands for something else. */
function isSpecialIpv6(text: string): boolean {
  const groups = expandIpv6(text);
  const [first = 0, second = 0] = groups;
  if (first >>> 13 !== 1) return true;
  const isTeredoOrReserved = first === 0x2001 && second < 0x0200;
  const isDocumentation = (first === 0x2001 && second === 0x0db8) || first === 0x3fff;
  const is6to4 = first === 0x2002;
  const isIsatap = groups[5] === 0x5efe && ((groups[4] ?? 0) & ~0x0200) === 0;
  return isTeredoOrReserved || isDocumentation || is6to4 || isIsatap;
}

function expandIpv6(text: string): number[] {
  const [head = "", tail] = text.split("::");
  const parse = (part: string) => (part ? part.split(":").map((group) => Number.parseInt(group, 16)) : []);
  if (tail === undefined) return parse(head);
  const [left, right] = [parse(head), parse(tail)];
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
