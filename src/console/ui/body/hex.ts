/** A hex dump: offset, sixteen bytes, and their ASCII characters. */

const WIDTH = 16;
/** Most bytes that are drawn: a page of hex is enough to recognise a format. */
export const HEX_BYTES = 8 * 1024;

export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, HEX_BYTES); at += WIDTH) {
    const row = [...bytes.subarray(at, at + WIDTH)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(WIDTH * 3)} ${ascii}`);
  }
  return lines.join("\n");
}
