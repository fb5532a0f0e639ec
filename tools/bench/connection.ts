/** A keep-alive connection for one request at a time. Much cheaper than a full HTTP client. */
import { connect, type Socket } from "node:net";
import { MessageReader } from "./message-reader.ts";

export interface Answer {
  readonly status: number;
  /** Empty unless the connection reads bodies. */
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  readonly #socket: Socket;
  #waiting: Waiting | null = null;

  private constructor(socket: Socket, keepsBodies: boolean) {
    this.#socket = socket;
    const reader = new MessageReader((head, body) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.resolve({ status: Number(head.slice(9, 12)), body });
    }, keepsBodies);
    socket.on("data", (data: Buffer) => reader.push(data));
    socket.on("close", () => this.#waiting?.reject(new Error("the connection was closed")));
    socket.on("error", (error) => this.#waiting?.reject(error));
  }

  static open(port: number, keepsBodies = false): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Connection(socket, keepsBodies)));
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends a request; the previous one must be answered. */
  send(request: Buffer | string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (typeof request === "string") this.#socket.write(request, "latin1");
      else this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

interface RequestLine {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as its bytes. */
export function requestBytes({ port, method, path, headers }: RequestLine, body: Buffer | string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join("")}content-length: ${length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
}
