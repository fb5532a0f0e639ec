/** The `payload` of an adapter call (C8 to C10), made from the message as it goes by. */

import { Malformed } from "../json/malformed.ts";
import { JsonScanner } from "../json/scanner.ts";
import { FilesWriter } from "./file-objects.ts";
import { encodingFor, type FileFacts, fileNameFor, messageFile } from "./file-type.ts";
import { MultipartReader } from "./multipart.ts";
import { boundaryOf, fileNameOf } from "./part-headers.ts";

/** Most parts of one message. */
const PARTS_LIMIT = 1_000;

/** Takes the message's bytes and gives the payload's, piece by piece. A fault is a sentence that says why the message is no such payload. */
export interface PayloadEncoder {
  write(chunk: Uint8Array): Uint8Array[];
  end(): Uint8Array[];
  readonly fault: string | null;
  /** The pieces are of no use: a file announced as text is none. The next encoder with the same exceptions knows. */
  readonly mustRepeat: boolean;
}

/** Numbers of the files that must be base64 although their type says text. */
export type Exceptions = Set<number>;

export function payloadEncoder(
  adapterType: "input" | "output",
  contentType: string | null,
  exceptions: Exceptions,
): PayloadEncoder {
  if (adapterType === "output") return new JsonPayload();
  const isMultipart = /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType ?? "");
  return isMultipart
    ? new PartsPayload(contentType ?? "", exceptions)
    : new FilePayload(messageFile(contentType), exceptions);
}

/** What the input adapter produced goes out byte for byte (C10); only JSON can. */
class JsonPayload implements PayloadEncoder {
  readonly #scanner = new JsonScanner();
  readonly mustRepeat = false;
  fault: string | null = null;

  write(chunk: Uint8Array): Uint8Array[] {
    this.#check(this.#scanner.write(chunk));
    return [chunk];
  }

  end(): Uint8Array[] {
    this.#check(this.#scanner.end());
    return [];
  }

  #check(fault: Malformed | null): void {
    if (fault) this.fault ??= `The message is not JSON: ${fault.message}`;
  }
}

/** Files as they are written, with those that turn out to be no text. */
class Files {
  readonly #exceptions: Exceptions;
  #writer = new FilesWriter();
  #number = -1;
  #pieces: Uint8Array[] = [];
  mustRepeat = false;

  constructor(exceptions: Exceptions) {
    this.#exceptions = exceptions;
  }

  open(facts: FileFacts): void {
    this.#number++;
    const isException = this.#exceptions.has(this.#number);
    this.#pieces.push(this.#writer.open(isException ? { ...facts, encoding: "base64" } : facts));
  }

  write(chunk: Uint8Array): void {
    this.#add(this.#writer.write(chunk));
  }

  close(): void {
    this.#add(this.#writer.close());
    // The pieces are of no use any more, but the files to come are still looked at.
    if (this.mustRepeat) this.#writer = new FilesWriter();
  }

  end(): void {
    this.#pieces.push(this.#writer.end());
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #add(piece: Uint8Array | Malformed): void {
    if (piece instanceof Malformed) {
      this.#exceptions.add(this.#number);
      this.mustRepeat = true;
    } else if (piece.length > 0) this.#pieces.push(piece);
  }
}

/** One message is one file. */
class FilePayload implements PayloadEncoder {
  readonly #files: Files;
  readonly fault = null;

  constructor(facts: FileFacts, exceptions: Exceptions) {
    this.#files = new Files(exceptions);
    this.#files.open(facts);
  }

  get mustRepeat(): boolean {
    return this.#files.mustRepeat;
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#files.write(chunk);
    return this.#files.take();
  }

  end(): Uint8Array[] {
    this.#files.close();
    this.#files.end();
    return this.#files.take();
  }
}

/** Each part of a `multipart/form-data` message is a file. */
class PartsPayload implements PayloadEncoder {
  readonly #files: Files;
  readonly #reader: MultipartReader | null;
  #parts = 0;
  fault: string | null = null;

  constructor(contentType: string, exceptions: Exceptions) {
    const files = new Files(exceptions);
    this.#files = files;
    const boundary = boundaryOf(contentType);
    this.#reader =
      boundary === null
        ? null
        : new MultipartReader(boundary, {
            onPart: (headers) => this.#open(headers),
            onBytes: (bytes) => files.write(bytes),
            onPartEnd: () => files.close(),
          });
    if (boundary === null) this.#fail("Its content type names no usable boundary.");
  }

  get mustRepeat(): boolean {
    return this.#files.mustRepeat;
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#check(this.#reader?.write(chunk));
    return this.fault === null ? this.#files.take() : [];
  }

  end(): Uint8Array[] {
    this.#check(this.#reader?.end());
    if (this.fault !== null) return [];
    this.#files.end();
    return this.#files.take();
  }

  #open(headers: ReadonlyMap<string, string>): void {
    if (++this.#parts > PARTS_LIMIT) this.#reader?.fail(`It has more than ${PARTS_LIMIT} parts.`);
    else this.#files.open(partFile(headers));
  }

  #check(fault: Malformed | null | undefined): void {
    if (fault) this.#fail(fault.message);
  }

  #fail(reason: string): void {
    this.fault ??= `The message is not well-formed multipart/form-data: ${reason}`;
  }
}

function partFile(headers: ReadonlyMap<string, string>): FileFacts {
  // RFC 7578, section 4.4: a part without a type is text.
  const mimeType = headers.get("content-type") || "text/plain";
  const fileName = fileNameOf(headers.get("content-disposition")) ?? fileNameFor(mimeType);
  return { fileName, mimeType, encoding: encodingFor(mimeType) };
}
