/** Reads an adapter's files (C9, CD2, CD15) in two passes over the same bytes, because a body may precede its encoding. */
import { Base64Decoder } from "../json/base64-stream.ts";
import type { Malformed } from "../json/malformed.ts";
import { MemberScanner } from "../json/members.ts";
import { JsonStringDecoder } from "../json/string.ts";
import { FILE_KEYS } from "./file-objects.ts";
import { FILE_ENCODINGS, type FileEncoding, type FileMetadata } from "./file-type.ts";

export interface FilesSummary {
  readonly count: number;
  /** Null when there is no file. */
  readonly first: FileMetadata | null;
}

/** A JSON string is already UTF-8, so only base64 has a decoder of its own. */
const DECODERS = {
  utf8: () => null,
  base64: () => new Base64Decoder(),
} satisfies Record<FileEncoding, () => Base64Decoder | null>;

const isEncoding = (text: string | undefined): text is FileEncoding => FILE_ENCODINGS.some((one) => one === text);

/** The first pass: checks that the JSON is an array of file objects whose bodies can be decoded, and returns a summary. */
export class FilesInspector {
  readonly #scanner: MemberScanner;
  #count = 0;
  #first: FileMetadata | null = null;
  /** The members so far of the current file, without `body`. */
  #texts = new Map<string, string>();
  #hasBody = false;
  #string = new JsonStringDecoder();
  /** Decodes base64 as long as the encoding is unknown. */
  #decoder: Base64Decoder | null = null;
  #decoderFault: Malformed | null = null;

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

  end(): FilesSummary | Malformed {
    return this.#scanner.end() ?? { count: this.#count, first: this.#first };
  }

  #begin(): void {
    this.#count++;
    this.#texts = new Map();
    this.#hasBody = false;
    this.#decoderFault = null;
  }

  #member(name: string) {
    if (!FILE_KEYS.some((key) => key === name)) this.#scanner.fail(`A file has no member ${JSON.stringify(name)}.`);
    if (name !== "body") return "collect";
    this.#hasBody = true;
    this.#string = new JsonStringDecoder();
    const encoding = this.#texts.get("content_transfer_encoding");
    this.#decoder = DECODERS[isEncoding(encoding) ? encoding : "base64"]();
    return "pass";
  }

  #value(name: string, bytes: Uint8Array): void {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "string" || !value.isWellFormed()) this.#scanner.fail(`"${name}" of a file must be text.`);
    else if (name === "content_transfer_encoding" && !isEncoding(value))
      this.#scanner.fail(`"${name}" of a file must be ${FILE_ENCODINGS.map((one) => `"${one}"`).join(" or ")}.`);
    else this.#texts.set(name, value);
  }

  #bytes(bytes: Uint8Array): void {
    const text = this.#string.write(bytes);
    if (!(text instanceof Uint8Array)) this.#scanner.fail(`"body" of a file: ${text.message}`);
    else if (this.#decoder !== null && this.#decoderFault === null) {
      const decoded = this.#decoder.write(text);
      if (!(decoded instanceof Uint8Array)) this.#decoderFault = decoded;
    }
  }

  #end(): void {
    const [fileName, mimeType, encoding] = ["file_name", "mime_type", "content_transfer_encoding"].map((key) =>
      this.#texts.get(key),
    );
    if (fileName === undefined || mimeType === undefined || !isEncoding(encoding) || !this.#hasBody) {
      this.#scanner.fail(`A file must have ${FILE_KEYS.map((key) => `"${key}"`).join(", ")}.`);
      return;
    }
    // A body that came before its encoding was decoded as base64 whatever it is.
    const fault = encoding === "utf8" ? null : (this.#decoderFault ?? this.#decoder?.end());
    if (fault) this.#scanner.fail(`"body" of a file: ${fault.message}`);
    this.#first ??= { fileName, mimeType, encoding };
  }
}

/** The second pass: decodes the body of the first file. The files must have passed the inspector. */
export class FileBodyReader {
  readonly #scanner: MemberScanner;
  readonly #string = new JsonStringDecoder();
  readonly #decoder: Base64Decoder | null;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #item = 0;

  /** @param onBytes receives the bytes; they are a view that may change after the call. */
  constructor(encoding: FileEncoding, onBytes: (bytes: Uint8Array) => void) {
    this.#decoder = DECODERS[encoding]();
    this.#onBytes = onBytes;
    this.#scanner = new MemberScanner(
      {
        onItem: () => this.#item++,
        onMember: (name) => (this.#item === 1 && name === "body" ? "pass" : "skip"),
        onBytes: (_, bytes) => this.#bytes(bytes),
        onEnd: () => this.#accept(this.#decoder?.end() ?? null),
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
    const decoded = text && this.#decoder ? this.#accept(this.#decoder.write(text)) : text;
    if (decoded !== null && decoded.length > 0) this.#onBytes(decoded);
  }

  #accept(decoded: Uint8Array | Malformed | null): Uint8Array | null {
    if (decoded === null || decoded instanceof Uint8Array) return decoded;
    this.#scanner.fail(`"body" of a file: ${decoded.message}`);
    return null;
  }
}
