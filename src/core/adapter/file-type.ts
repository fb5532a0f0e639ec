/** What a file object says of a message, decided by its content type alone (CD13). */

/** Values of `content_transfer_encoding`. */
export type FileEncoding = "utf8" | "base64";

/** A file object without its body. */
export interface FileFacts {
  readonly fileName: string;
  readonly mimeType: string;
  readonly encoding: FileEncoding;
}

/** The type of a message that came without one. */
const UNKNOWN_TYPE = "application/octet-stream";

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ["application/edi-x12", "edi"],
  ["application/edifact", "edi"],
  ["application/gzip", "gz"],
  ["application/json", "json"],
  ["application/msword", "doc"],
  ["application/pdf", "pdf"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/x-ndjson", "ndjson"],
  ["application/xml", "xml"],
  ["application/zip", "zip"],
  ["image/gif", "gif"],
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
  ["image/svg+xml", "svg"],
  ["image/tiff", "tif"],
  ["text/csv", "csv"],
  ["text/html", "html"],
  ["text/json", "json"],
  ["text/xml", "xml"],
]);

const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ["json", "json"],
  ["xml", "xml"],
  ["zip", "zip"],
]);

/**
 * How a body of this type stands in a file object: JSON, XML and text in UTF-8 as `utf8`, everything else as `base64`. Bytes that turn out not to
 * be UTF-8 must be sent as `base64` whatever their type says.
 */
export function encodingFor(contentType: string | null): FileEncoding {
  const type = mediaType(contentType);
  const isText = type.startsWith("text/") || /^[^/]+\/(?:.+\+)?(?:json|xml)$/.test(type);
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType ?? "")?.[1] ?? "";
  return isText && /^(?:utf-?8|us-ascii)?$/i.test(charset) ? "utf8" : "base64";
}

/** The name of a message's file: `message` with an extension that fits the type. */
export function fileNameFor(contentType: string | null): string {
  const type = mediaType(contentType);
  const suffix = type.split("+").at(-1) ?? "";
  const other = type.startsWith("text/") ? "txt" : "bin";
  return `message.${EXTENSIONS.get(type) ?? (type.includes("+") ? SUFFIXES.get(suffix) : null) ?? other}`;
}

/** The file that a message of this content type is. */
export function messageFile(contentType: string | null): FileFacts {
  return {
    fileName: fileNameFor(contentType),
    mimeType: contentType ?? UNKNOWN_TYPE,
    encoding: encodingFor(contentType),
  };
}

/** Type and subtype without parameters, lower case. */
function mediaType(contentType: string | null): string {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
