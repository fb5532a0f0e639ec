/** Base64 for browsers, Node 20 and Workers alike. */

export const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Encodes the text as UTF-8, which `btoa` does not do. */
export const base64OfText = (text: string) => base64(new TextEncoder().encode(text));

/** Null if the text is not Base64. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
