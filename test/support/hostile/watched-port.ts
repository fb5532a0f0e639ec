/** A port of the loopback addresses, IPv4 and IPv6, that counts connections. */

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

interface WatchedPort extends AsyncDisposable {
  readonly port: number;
  connections(): number;
}

export async function watchPort(): Promise<WatchedPort> {
  let connections = 0;
  const open = new Set<Socket>();
  const listen = (host: string, port: number) =>
    new Promise<Server | null>((resolve) => {
      const server = createServer((socket) => {
        connections++;
        open.add(socket);
        socket.on("error", () => undefined);
        socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
      });
      // A machine may have no IPv6.
      server.on("error", () => resolve(null));
      server.listen(port, host, () => resolve(server));
    });
  const first = await listen("127.0.0.1", 0);
  if (!first) throw new Error("there is no loopback address");
  const { port } = first.address() as AddressInfo;
  const servers = [first, await listen("::1", port)];
  return {
    port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      for (const server of servers) await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    },
  };
}

/** Spellings of local, private and cloud metadata addresses that the URL parser accepts. */
export const INSIDE = [
  ...["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1"],
  ...[
    "127.0.0.1.",
    "127。0。0。1",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛocalhost",
  ],
  ...["api.localhost", "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
  ...["[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "127.255.255.254"],
  ...["10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "2852039166", "100.100.100.200", "[fd00:ec2::254]"],
  ...["[fe80::1]", "metadata", "metadata.google.internal", "db.internal", "printer.local", "host.docker.internal"],
];
