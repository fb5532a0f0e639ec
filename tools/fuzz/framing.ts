/** Malformed HTTP requests as raw bytes: lengths, chunks, header lines, slow senders and senders that disconnect. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { anyAddress } from "./request.ts";

interface Framed {
  readonly kind: string;
  /** Sent one after the other. */
  readonly pieces: readonly string[];
  /** Time between the pieces, in ms. */
  readonly pauseMs: number;
}

const HOST = "@host";
const FROM = "@from";
const line = (method: string, path: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: ${HOST}\r\nCF-Connecting-IP: ${FROM}\r\n`;

/** Builds the pieces of each kind from a method, a path and a number. */
const KINDS: Record<string, (method: string, path: string, n: number) => readonly string[]> = {
  "negative length": (m, p) => [`${line(m, p)}Content-Length: -1\r\n\r\nx`],
  "length that is no number": (m, p) => [`${line(m, p)}Content-Length: 0x5\r\n\r\nhello`],
  "length beyond all numbers": (m, p) => [`${line(m, p)}Content-Length: 184467440737095516160\r\n\r\nhello`],
  "two lengths": (m, p) => [`${line(m, p)}Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello`],
  "length and chunks": (m, p) => [`${line(m, p)}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  "a body cut short": (m, p, n) => [`${line(m, p)}Content-Length: ${100 + n}\r\n\r\nonly this`],
  "a body longer than its length": (m, p) => [`${line(m, p)}Content-Length: 2\r\n\r\n{}${line("GET", "/healthz")}\r\n`],
  "chunk of no size": (m, p) => [`${line(m, p)}Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n`],
  "chunk of a huge size": (m, p) => [`${line(m, p)}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n`],
  "chunk cut short": (m, p) => [`${line(m, p)}Transfer-Encoding: chunked\r\n\r\n10\r\nabc`],
  "chunk extensions and trailers": (m, p, n) => [
    `${line(m, p)}Transfer-Encoding: chunked\r\n\r\n2;${"a=b;".repeat(n)}\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n`,
  ],
  "unknown transfer encoding": (m, p) => [`${line(m, p)}Transfer-Encoding: gzip, xchunked\r\n\r\nhello`],
  "no host": (m, p) => [`${m} ${p} HTTP/1.1\r\n\r\n`],
  "two hosts": (m, p) => [`${line(m, p)}Host: other.invalid\r\n\r\n`],
  "a host that is none": (m, p) => [`${m} ${p} HTTP/1.1\r\nHost: [::1\r\n\r\n`],
  "a host with a path": (m, p) => [`${m} ${p} HTTP/1.1\r\nHost: a/b?c#d@e\r\n\r\n`],
  "line breaks in a header": (m, p) => [`${line(m, p)}X-A: a\rX-Injected: 1\r\nX-B: b\nX-Injected: 1\r\n\r\n`],
  "zero byte in a header": (m, p) => [`${line(m, p)}X-A: a\0b\r\n\r\n`],
  "header without a name": (m, p) => [`${line(m, p)}: value\r\n\r\n`],
  "header with a space": (m, p) => [`${line(m, p)}Content-Length : 5\r\n\r\nhello`],
  "folded header": (m, p) => [`${line(m, p)}X-A: a\r\n folded: 1\r\n\r\n`],
  "a thousand headers": (m, p, n) => [`${line(m, p)}${`X-${n}: y\r\n`.repeat(1_000)}\r\n`],
  "a header of 100 KB": (m, p) => [`${line(m, p)}X-A: ${"x".repeat(100_000)}\r\n\r\n`],
  "a path of 100 KB": (m, p) => [`${line(m, p + "x".repeat(100_000))}\r\n`],
  "raw bytes in the path": (m, p) => [`${line(m, `${p}\xff\xfe\x80?\xc0\xaf`)}\r\n`],
  "a space in the path": (m, p) => [`${m} ${p} x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  "an absolute URL": (m) => [`${m} http://other.invalid/cb HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  "another version": (m, p) => [`${m} ${p} HTTP/3.7\r\nHost: ${HOST}\r\n\r\n`],
  "old HTTP": (m, p) => [`${m} ${p} HTTP/1.0\r\n\r\n`],
  "a method of its own": (_, p, n) => [line("X".repeat(1 + n), p).concat("\r\n")],
  "an upgrade": (m, p) => [
    `${line(m, p)}Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`,
  ],
  CONNECT: () => [`CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
  "a proxy's request": (m, p) => [`${line(m, p)}X-Forwarded-Proto: gopher\r\nForwarded: host="a\\"b"\r\n\r\n`],
  "expects to continue": (m, p) => [`${line(m, p)}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`, "{}"],
  "no HTTP": (_, __, n) => ["\x16\x03\x01\x02\0\x01\0\x01".repeat(1 + n)],
  garbage: (_, __, n) => [`\r\n\r\n\0\0${"\xff".repeat(n)}\r\n\r\n`],
  "a slow head": (m, p) => [`${m} ${p} HT`, "TP/1.1\r\nHo", `st: ${HOST}\r\n`, "\r\n"],
  "a slow body": (m, p) => [`${line(m, p)}Content-Length: 6\r\n\r\n`, "{", '"', "a", '"'],
  "slow chunks": (m, p) => [`${line(m, p)}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n{\r\n", "1\r\n}\r\n", "0\r\n\r\n"],
};

const FRAMINGS = Object.keys(KINDS);

/**
 * Answers of the runtime's own HTTP server, without the Worker: unsupported requests (501), and requests for
 * which it cannot make a URL (500, in plain text). In a deployment the platform's edge answers instead.
 */
const BELOW: Record<string, readonly string[]> = {
  500: ["two hosts", "a host that is none", "a host with a path", "an absolute URL", "CONNECT", "no host", "old HTTP"],
  501: ["a method of its own", "unknown transfer encoding", "CONNECT"],
};

/** True when a status from 500 on is the runtime's own answer to a malformed request. */
export const isBelowWorker = (kind: string, status: number, text: string) =>
  (BELOW[status]?.includes(kind) ?? false) && !/application\/(?:problem\+)?json/i.test(text);

/** Malformed requests to paths that need no token. */
export const framed = (paths: readonly string[]): fc.Arbitrary<Framed> =>
  fc
    .tuple(
      fc.constantFrom(...FRAMINGS),
      fc.constantFrom("POST", "GET", "PUT"),
      fc.constantFrom(...paths),
      fc.nat(200),
      fc.nat(40),
    )
    .map(([kind, method, path, n, pauseMs]) => ({ kind, pieces: KINDS[kind]?.(method, path, n) ?? [], pauseMs }));

/** Sends the pieces, half-closes the connection, and waits for its end; status 0 means no answer. */
export function sendFramed(
  url: string,
  { pieces, pauseMs }: Framed,
  limitMs = 5_000,
): Promise<{ status: number; text: string }> {
  const { hostname, port, host } = new URL(url);
  const from = anyAddress(Math.random());
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    const finish = () => {
      socket.destroy();
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text.replace(/^HTTP\/1\.1 100 [\s\S]*?\r\n\r\n/, ""))?.[1] ?? 0),
        text,
      });
    };
    socket.setTimeout(limitMs, finish);
    socket.on("data", (chunk) => {
      if (text.length < 100_000) text += chunk.toString("latin1");
    });
    socket.on("close", finish);
    socket.on("error", finish);
    socket.on("connect", async () => {
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) await sleep(pauseMs);
        if (socket.destroyed) return;
        socket.write(Buffer.from(piece.replaceAll(HOST, host).replaceAll(FROM, from), "latin1"));
      }
      socket.end();
    });
  });
}
