/** Writes an adapter's files (C8, C9): a JSON array of file objects whose bodies are streams. */
import { Base64Encoder } from "../json/base64-stream.ts";
import type { Malformed } from "../json/malformed.ts";
import { JsonStringEncoder } from "../json/string.ts";
import type { FileEncoding, FileMetadata } from "./file-type.ts";

/** The keys of a file object, in the order in which they are written. */
export const FILE_KEYS = ["file_name", "mime_type", "body", "content_transfer_encoding"] as const;

const ENCODERS = { utf8: JsonStringEncoder, base64: Base64Encoder } satisfies Record<FileEncoding, unknown>;
const utf8 = new TextEncoder();

/**
 * Makes the array piece by piece. Call `open`, `write` any number of times and `close` for each file, then `end`; the returned pieces in
 * this order are the JSON. Malformed means that a body announced as `utf8` is not: write the file as `base64`, from its beginning.
 */
export class FilesWriter {
  #files = 0;
  #encoding: FileEncoding | null = null;
  #body: JsonStringEncoder | Base64Encoder = new Base64Encoder();

  /** Returns the beginning of a file, up to its body. */
  open({ fileName, mimeType, encoding }: FileMetadata): Uint8Array {
    if (this.#encoding !== null) throw new Error("the file before is still open");
    this.#encoding = encoding;
    this.#body = new ENCODERS[encoding]();
    const head = JSON.stringify({ file_name: fileName, mime_type: mimeType, body: "" }).slice(0, -'"}'.length);
    return utf8.encode((this.#files++ === 0 ? "[" : ",") + head);
  }

  write(chunk: Uint8Array): Uint8Array | Malformed {
    return this.#body.write(chunk);
  }

  /** Returns the end of the body and of its file. */
  close(): Uint8Array | Malformed {
    if (this.#encoding === null) throw new Error("no file is open");
    const last = this.#body.end() ?? new Uint8Array();
    if (!(last instanceof Uint8Array)) return last;
    const tail = utf8.encode(`","content_transfer_encoding":"${this.#encoding}"}`);
    this.#encoding = null;
    return Buffer.concat([last, tail]);
  }

  /** Returns the end of the array. */
  end(): Uint8Array {
    return utf8.encode(this.#files === 0 ? "[]" : "]");
  }
}
