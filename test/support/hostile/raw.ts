/** Requests that no HTTP client would send, byte for byte. */
import { connect } from "node:net";

interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
}

/**
 * Sends bytes as they are and reads the first answer.
 *
 * @param hangUp close our side right after the bytes, as a sender that breaks off does.
 */
export function sendRaw(url: string, bytes: string, { hangUp = false } = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    const finish = () => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(3_000, finish);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("close", finish);
    socket.on("error", finish);
    socket.on("connect", () => {
      if (hangUp) socket.end(bytes);
      else socket.write(bytes);
    });
  });
}
