/** Reading an adapter's files (C9, CD2, CD15) in two passes over the same bytes, since a body may stand before its encoding. */
import { Base64Decoder } from "../json/base64-stream.ts";
import type { Malformed } from "../json/malformed.ts";
import { MemberScanner } from "../json/members.ts";
import { JsonStringDecoder } from "../json/string.ts";
import { FILE_KEYS } from "./file-objects.ts";
import type { FileEncoding, FileFacts } from "./file-type.ts";

export interface FilesSummary {
  /** How many files there are. */
  readonly count: number;
  /** The first one; null when there is none. */
  readonly first: FileFacts | null;
}

/** The first pass: checks that the JSON is an array of file objects whose bodies can be decoded, and tells what they are. */
export class FilesInspector {
  readonly #scanner: MemberScanner;
  #count = 0;
  #first: FileFacts | null = null;
  /** The members so far of the file at hand, `body` excepted. */
  #texts = new Map<string, string>();
  #hasBody = false;
  #string = new JsonStringDecoder();
  /** Null when it is known that the body needs not be base64. */
  #base64: Base64Decoder | null = null;
  #base64Fault: Malformed | null = null;

  constructor() {
    this.#scanner = new MemberScanner(
      {
        onItem: () => this.#begin(),
        onMember: (name) => this.#member(name),
        onValue: (name, bytes) => this.#value(name, bytes),
        onBytes: (_, bytes) => this.#bytes(bytes),
        onItemEnd: () => this.#end(),
      },
      { of: "array" },
    );
  }

  write(chunk: Uint8Array): Malformed | null {
    return this.#scanner.write(chunk);
  }

  /** The JSON is over. */
  end(): FilesSummary | Malformed {
    return this.#scanner.end() ?? { count: this.#count, first: this.#first };
  }

  #begin(): void {
    this.#count++;
    this.#texts = new Map();
    this.#hasBody = false;
    this.#base64Fault = null;
  }

  #member(name: string) {
    if (!FILE_KEYS.some((key) => key === name)) this.#scanner.fail(`A file has no member ${JSON.stringify(name)}.`);
    if (name !== "body") return "collect";
    this.#hasBody = true;
    this.#string = new JsonStringDecoder();
    this.#base64 = this.#texts.get("content_transfer_encoding") === "utf8" ? null : new Base64Decoder();
    return "pass";
  }

  #value(name: string, bytes: Uint8Array): void {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "string" || !value.isWellFormed()) this.#scanner.fail(`"${name}" of a file must be text.`);
    else if (name === "content_transfer_encoding" && value !== "utf8" && value !== "base64")
      this.#scanner.fail(`"${name}" of a file must be "utf8" or "base64".`);
    else this.#texts.set(name, value);
  }

  #bytes(bytes: Uint8Array): void {
    const text = this.#string.write(bytes);
    if (!(text instanceof Uint8Array)) this.#scanner.fail(`"body" of a file: ${text.message}`);
    else if (this.#base64 !== null && this.#base64Fault === null) {
      const decoded = this.#base64.write(text);
      if (!(decoded instanceof Uint8Array)) this.#base64Fault = decoded;
    }
  }

  #end(): void {
    const [fileName, mimeType, encoding] = ["file_name", "mime_type", "content_transfer_encoding"].map((key) =>
      this.#texts.get(key),
    );
    if (fileName === undefined || mimeType === undefined || encoding === undefined || !this.#hasBody) {
      this.#scanner.fail(`A file must have ${FILE_KEYS.map((key) => `"${key}"`).join(", ")}.`);
      return;
    }
    const fault = encoding === "base64" ? (this.#base64Fault ?? this.#base64?.end() ?? null) : null;
    if (fault !== null) this.#scanner.fail(`"body" of a file: ${fault.message}`);
    this.#first ??= { fileName, mimeType, encoding: encoding as FileEncoding };
  }
}

/** The second pass: the decoded bytes of the first file's body, of files that an inspector found to be well-formed. */
export class FileBodyReader {
  readonly #scanner: MemberScanner;
  readonly #string = new JsonStringDecoder();
  readonly #base64: Base64Decoder | null;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #item = 0;

  /** @param onBytes takes the bytes; they are a view that may change after the call. */
  constructor(encoding: FileEncoding, onBytes: (bytes: Uint8Array) => void) {
    this.#base64 = encoding === "base64" ? new Base64Decoder() : null;
    this.#onBytes = onBytes;
    this.#scanner = new MemberScanner(
      {
        onItem: () => this.#item++,
        onMember: (name) => (this.#item === 1 && name === "body" ? "pass" : "skip"),
        onBytes: (_, bytes) => this.#bytes(bytes),
        onEnd: () => this.#accept(this.#base64?.end() ?? null),
      },
      { of: "array" },
    );
  }

  write(chunk: Uint8Array): Malformed | null {
    return this.#scanner.write(chunk);
  }

  end(): Malformed | null {
    return this.#scanner.end();
  }

  #bytes(bytes: Uint8Array): void {
    const text = this.#accept(this.#string.write(bytes));
    const decoded = text && this.#base64 ? this.#accept(this.#base64.write(text)) : text;
    if (decoded !== null && decoded.length > 0) this.#onBytes(decoded);
  }

  #accept(decoded: Uint8Array | Malformed | null): Uint8Array | null {
    if (decoded === null || decoded instanceof Uint8Array) return decoded;
    this.#scanner.fail(`"body" of a file: ${decoded.message}`);
    return null;
  }
}
