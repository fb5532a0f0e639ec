/** Reads the headers of parts, and the parameters of header values (RFC 9110, RFC 7578). */

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads a header section: names in lower case, the first of repeated headers. Returns null if a line is not a header. */
export function readHeaders(section: string): ReadonlyMap<string, string> | null {
  const headers = new Map<string, string>();
  for (const line of section.split(/\r\n(?![ \t])/).filter((one) => one !== "")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!NAME.test(name)) return null;
    const value = line
      .slice(colon + 1)
      .replace(/\r\n/g, "")
      .trim();
    if (!headers.has(name)) headers.set(name, value);
  }
  return headers;
}

/** Returns the boundary of a content type, or null if it has no valid one. */
export function boundaryOf(contentType: string): string | null {
  const boundary = parametersOf(contentType).get("boundary") ?? "";
  return /^[\x20-\x7e]{0,69}[\x21-\x7e]$/.test(boundary) ? boundary : null;
}

/** Returns the file name of a part, or null if it has none. */
export function fileNameOf(disposition: string | undefined): string | null {
  const parameters = parametersOf(disposition ?? "");
  const extended = /^utf-8'[^']*'(.*)$/i.exec(parameters.get("filename*") ?? "")?.[1];
  const name = (extended && percentDecoded(extended)) || parameters.get("filename");
  // Browsers encode exactly these three characters like this.
  return name?.replace(/%(?:22|0D|0A)/gi, (code) => decodeURIComponent(code)) || null;
}

/** Names in lower case, the first of repeated parameters. */
function parametersOf(value: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const pattern = /;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\["\\]|\\(?!["\\]))*)"|([^\s;]*))/g;
  for (const [, name = "", quoted, token] of value.matchAll(pattern)) {
    // Browsers do not escape other backslashes.
    const read = quoted?.replace(/\\(["\\])/g, "$1") ?? token ?? "";
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), read);
  }
  return parameters;
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
