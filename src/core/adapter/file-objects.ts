/** Writing an adapter's files (C8, C9): a JSON array of file objects whose bodies are streams. */
import { Base64Encoder } from "../json/base64-stream.ts";
import type { Malformed } from "../json/malformed.ts";
import { JsonStringEncoder } from "../json/string.ts";
import type { FileFacts } from "./file-type.ts";

/** The four keys of a file object, in the order in which they are written. */
export const FILE_KEYS = ["file_name", "mime_type", "body", "content_transfer_encoding"] as const;

const utf8 = new TextEncoder();

/**
 * Makes the array piece by piece; the pieces in the order of the calls are the JSON. For each file `open`, `write` as often as need be and `close`; at
 * last `end`. A body announced as `utf8` that is none is Malformed: the file must then be written as `base64`, from its beginning.
 */
export class FilesWriter {
  #files = 0;
  #facts: FileFacts | null = null;
  #body: JsonStringEncoder | Base64Encoder = new Base64Encoder();

  /** The beginning of a file, up to its body. */
  open(facts: FileFacts): Uint8Array {
    if (this.#facts !== null) throw new Error("the file before is still open");
    this.#facts = facts;
    this.#body = facts.encoding === "utf8" ? new JsonStringEncoder() : new Base64Encoder();
    const { fileName, mimeType } = facts;
    const head = JSON.stringify({ file_name: fileName, mime_type: mimeType, body: "" }).slice(0, -'"}'.length);
    return utf8.encode((this.#files++ === 0 ? "[" : ",") + head);
  }

  /** The next bytes of the body. */
  write(chunk: Uint8Array): Uint8Array | Malformed {
    return this.#body.write(chunk);
  }

  /** The end of the body and of its file. */
  close(): Uint8Array | Malformed {
    if (this.#facts === null) throw new Error("no file is open");
    const last = this.#body.end() ?? new Uint8Array();
    if (!(last instanceof Uint8Array)) return last;
    const tail = utf8.encode(`","content_transfer_encoding":"${this.#facts.encoding}"}`);
    this.#facts = null;
    const piece = new Uint8Array(last.length + tail.length);
    piece.set(last);
    piece.set(tail, last.length);
    return piece;
  }

  /** The end of the array. */
  end(): Uint8Array {
    return utf8.encode(this.#files === 0 ? "[]" : "]");
  }
}
