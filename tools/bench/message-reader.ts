/** Parses HTTP/1.1 messages from a socket, only as far as the benchmark needs, to keep the cost low. */

/** @param head start line and headers. @param body empty unless bodies are kept. */
type OnMessage = (head: string, body: Buffer) => void;

const EMPTY = Buffer.alloc(0);
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

export class MessageReader {
  readonly #onMessage: OnMessage;
  readonly #keepsBodies: boolean;
  #state: "head" | "fixed" | "size" | "chunk" | "trailer" = "head";
  #head = "";
  #left = 0;
  /** The incomplete line or head at the end of the received data. */
  #rest: Buffer = EMPTY;
  #kept: Buffer[] = [];

  constructor(onMessage: OnMessage, keepsBodies = false) {
    this.#onMessage = onMessage;
    this.#keepsBodies = keepsBodies;
  }

  push(arrived: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, arrived]) : arrived;
    this.#rest = EMPTY;
    while (data.length > 0) {
      const used = this.#state === "fixed" || this.#state === "chunk" ? this.#takeBytes(data) : this.#takeText(data);
      if (used === 0) {
        this.#rest = data;
        return;
      }
      data = data.subarray(used);
    }
  }

  #takeBytes(data: Buffer): number {
    const used = Math.min(this.#left, data.length);
    this.#left -= used;
    if (this.#keepsBodies) this.#kept.push(data.subarray(0, used));
    if (this.#left > 0) return used;
    if (this.#state === "fixed") this.#finish();
    else this.#state = "size";
    return used;
  }

  #takeText(data: Buffer): number {
    const mark = this.#state === "head" ? "\r\n\r\n" : "\r\n";
    const end = data.indexOf(mark, 0, "latin1");
    if (end < 0) return 0;
    const text = data.toString("latin1", 0, end);
    if (this.#state === "head") this.#begin(text);
    // After a chunk comes an empty line, and after the last one an empty trailer.
    else if (this.#state === "trailer") this.#finish();
    else if (text !== "") {
      this.#left = Number.parseInt(text, 16);
      this.#state = this.#left > 0 ? "chunk" : "trailer";
    }
    return end + mark.length;
  }

  #begin(head: string): void {
    this.#head = head;
    this.#left = Number(LENGTH.exec(head)?.[1] ?? 0);
    if (CHUNKED.test(head)) this.#state = "size";
    else if (this.#left > 0) this.#state = "fixed";
    else this.#finish();
  }

  #finish(): void {
    this.#state = "head";
    const body = this.#keepsBodies ? Buffer.concat(this.#kept) : EMPTY;
    this.#kept = [];
    this.#onMessage(this.#head, body);
  }
}
