/** Makes the `payload` of an adapter call (C8 to C10) from the message as a stream. */

import { Malformed } from "../json/malformed.ts";
import { JsonScanner } from "../json/scanner.ts";
import { FilesWriter } from "./file-objects.ts";
import { type FileMetadata, messageFile } from "./file-type.ts";
import { MultipartReader } from "./multipart.ts";
import { boundaryOf, fileNameOf } from "./part-headers.ts";

/** Most parts of one message. */
const PARTS_LIMIT = 1_000;

/** Takes the bytes of the message and returns those of the payload, piece by piece. */
export interface PayloadEncoder {
  write(chunk: Uint8Array): Uint8Array[];
  end(): Uint8Array[];
  /** A sentence that says why the message cannot be a payload. */
  readonly fault: string | null;
  /** True when a file announced as text is not text. The pieces are invalid; a new encoder with the same `binaryFiles` succeeds. */
  readonly mustRestart: boolean;
}

/** Indexes of the files that must be base64 although their type says text. The encoder adds those that it finds. */
export type BinaryFiles = Set<number>;

export function payloadEncoder(
  adapterType: "input" | "output",
  contentType: string | null,
  binaryFiles: BinaryFiles,
): PayloadEncoder {
  switch (adapterType) {
    case "output":
      return jsonPayload();
    case "input":
      return /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType ?? "")
        ? multipartPayload(contentType ?? "", binaryFiles)
        : filePayload(messageFile(contentType), binaryFiles);
  }
}

/** The result of the input adapter is sent byte for byte (C10), but must be JSON. */
function jsonPayload(): PayloadEncoder {
  const scanner = new JsonScanner();
  return {
    mustRestart: false,
    get fault() {
      return scanner.fault && `The message is not JSON: ${scanner.fault.message}`;
    },
    write: (chunk) => {
      scanner.write(chunk);
      return [chunk];
    },
    end: () => {
      scanner.end();
      return [];
    },
  };
}

/** One message is one file. */
function filePayload(file: FileMetadata, binaryFiles: BinaryFiles): PayloadEncoder {
  const files = new PayloadFiles(binaryFiles);
  files.open(file);
  return {
    fault: null,
    get mustRestart() {
      return files.mustRestart;
    },
    write: (chunk) => {
      files.write(chunk);
      return files.take();
    },
    end: () => {
      files.close();
      files.end();
      return files.take();
    },
  };
}

/** Each part of a `multipart/form-data` message is a file. */
function multipartPayload(contentType: string, binaryFiles: BinaryFiles): PayloadEncoder {
  const files = new PayloadFiles(binaryFiles);
  const boundary = boundaryOf(contentType);
  let parts = 0;
  let fault = boundary === null ? "Its content type names no usable boundary." : null;
  const reader: MultipartReader = new MultipartReader(boundary ?? "", {
    onPart: (headers) => {
      if (++parts > PARTS_LIMIT) reader.fail(`It has more than ${PARTS_LIMIT} parts.`);
      else files.open(partFile(headers));
    },
    onBytes: (bytes) => files.write(bytes),
    onPartEnd: () => files.close(),
  });
  return {
    get fault() {
      return fault && `The message is not well-formed multipart/form-data: ${fault}`;
    },
    get mustRestart() {
      return files.mustRestart;
    },
    write: (chunk) => {
      fault ??= reader.write(chunk)?.message ?? null;
      return fault === null ? files.take() : [];
    },
    end: () => {
      fault ??= reader.end()?.message ?? null;
      if (fault !== null) return [];
      files.end();
      return files.take();
    },
  };
}

function partFile(headers: ReadonlyMap<string, string>): FileMetadata {
  // RFC 7578, section 4.4: a part without a type is text.
  const file = messageFile(headers.get("content-type") || "text/plain");
  return { ...file, fileName: fileNameOf(headers.get("content-disposition")) ?? file.fileName };
}

/** Collects the pieces of the files, and finds those that are not text. */
class PayloadFiles {
  readonly #binaryFiles: BinaryFiles;
  #writer = new FilesWriter();
  #index = -1;
  #pieces: Uint8Array[] = [];
  mustRestart = false;

  constructor(binaryFiles: BinaryFiles) {
    this.#binaryFiles = binaryFiles;
  }

  open(file: FileMetadata): void {
    const isBinary = this.#binaryFiles.has(++this.#index);
    this.#pieces.push(this.#writer.open(isBinary ? { ...file, encoding: "base64" } : file));
  }

  write(chunk: Uint8Array): void {
    this.#add(this.#writer.write(chunk));
  }

  close(): void {
    this.#add(this.#writer.close());
    // The pieces are invalid from now on, but the other files must be checked too.
    if (this.mustRestart) this.#writer = new FilesWriter();
  }

  end(): void {
    this.#pieces.push(this.#writer.end());
  }

  take(): Uint8Array[] {
    return this.#pieces.splice(0);
  }

  #add(piece: Uint8Array | Malformed): void {
    if (piece instanceof Malformed) {
      this.#binaryFiles.add(this.#index);
      this.mustRestart = true;
    } else if (piece.length > 0) this.#pieces.push(piece);
  }
}
