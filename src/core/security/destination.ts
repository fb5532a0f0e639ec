/** Where outgoing requests may go. The URL parser normalizes every notation of an address first. */
import { BlockList } from "node:net";

interface Policy {
  /** Whether loopback, private and other special addresses are allowed (local development). */
  readonly allowPrivate: boolean;
}

/** Longest URL, in characters: the gateway accepts no longer ones itself. */
const URL_LIMIT = 16 * 1024;

/** Returns the URL of an outgoing request, or a sentence that says why it is refused. */
export function checkDestination(text: string, { allowPrivate }: Policy): URL | string {
  if (text.length > URL_LIMIT) return `The URL has more than ${URL_LIMIT} characters.`;
  const url = URL.parse(text);
  if (!url) return "The URL is not an absolute URL.";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "The URL must be http or https.";
  if (url.username || url.password) return "The URL must not contain a user name or password; use a header.";
  if (!allowPrivate && isSpecialHost(url.hostname)) return "The URL points to a private or reserved address.";
  return url;
}

/** IPv4 networks that are not public (IANA's registry), and an address that a cloud uses inside a public range. */
const SPECIAL_IPV4 = blockList(
  "ipv4",
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3`,
);

/** Everything but global unicast (2000::/3), and the parts of that which embed other addresses, are reserved or are documentation. */
const SPECIAL_IPV6 = blockList("ipv6", "::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/16");

/** ISATAP: an interface id with an IPv4 address, in any network. */
const ISATAP = /:(?:|0|200):5efe:(?::|[^:]+:[^:]+)$/;

const SPECIAL_NAME =
  /^(?:[^.]+|.*\.(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|mail|svc|home\.arpa|onion|alt|test|invalid))$/;

function isSpecialHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  if (host.startsWith("[")) {
    const address = host.slice(1, -1);
    return SPECIAL_IPV6.check(address, "ipv6") || ISATAP.test(address);
  }
  return /^\d+(?:\.\d+){3}$/.test(host) ? SPECIAL_IPV4.check(host, "ipv4") : SPECIAL_NAME.test(host);
}

/** One list for each family, because a list takes an IPv4 address for `::ffff:0:0/96` as well. */
function blockList(family: "ipv4" | "ipv6", networks: string): BlockList {
  const list = new BlockList();
  for (const network of networks.split(/\s+/)) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
