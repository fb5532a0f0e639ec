/** The name, type and encoding of a message as a file object, decided by its content type alone (CD13). */

/** Values of `content_transfer_encoding`. */
export const FILE_ENCODINGS = ["utf8", "base64"] as const;
export type FileEncoding = (typeof FILE_ENCODINGS)[number];

/** A file object without its body. */
export interface FileMetadata {
  readonly fileName: string;
  readonly mimeType: string;
  readonly encoding: FileEncoding;
}

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

/** Structured syntax suffixes (RFC 6839), each its own extension. */
const SUFFIXES: readonly string[] = ["json", "xml", "zip"];

/**
 * The encoding for a body of this type: `utf8` for JSON, XML and text in UTF-8, else `base64`. Bytes that are not UTF-8 must be sent as
 * `base64` whatever their type says.
 */
export function encodingFor(contentType: string | null): FileEncoding {
  const type = mediaType(contentType);
  const isText = type.startsWith("text/") || /^[^/]+\/(?:.+\+)?(?:json|xml)$/.test(type);
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType ?? "")?.[1] ?? "";
  return isText && /^(?:utf-?8|us-ascii)?$/i.test(charset) ? "utf8" : "base64";
}

/** Returns `message` with an extension that fits the type. */
export function fileNameFor(contentType: string | null): string {
  const type = mediaType(contentType);
  const suffix = SUFFIXES.find((one) => type.endsWith(`+${one}`));
  return `message.${EXTENSIONS.get(type) ?? suffix ?? (type.startsWith("text/") ? "txt" : "bin")}`;
}

/** The file object's metadata for a message of this content type. */
export const messageFile = (contentType: string | null): FileMetadata => ({
  fileName: fileNameFor(contentType),
  mimeType: contentType ?? UNKNOWN_TYPE,
  encoding: encodingFor(contentType),
});

/** Returns type and subtype without parameters, in lower case. */
const mediaType = (contentType: string | null) => contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
