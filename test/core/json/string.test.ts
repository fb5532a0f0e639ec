import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { JsonStringDecoder, JsonStringEncoder } from "../../../src/core/json/string.ts";
import { cut, cuts } from "../../support/core/chunks.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** All that comes out of a stream, or its fault. */
function run(
  stream: { write(chunk: Uint8Array): Uint8Array | Malformed; end?(): Malformed | null },
  bytes: Uint8Array,
  sizes: readonly number[],
): Uint8Array | Malformed {
  const out: Uint8Array[] = [];
  for (const piece of cut(bytes, sizes)) {
    const written = stream.write(piece);
    if (written instanceof Malformed) return written;
    out.push(written);
  }
  return stream.end?.() ?? Buffer.concat(out);
}

const encode = (bytes: Uint8Array, sizes: readonly number[] = [3]) => run(new JsonStringEncoder(), bytes, sizes);
const decode = (raw: string, sizes: readonly number[] = [3]) => run(new JsonStringDecoder(), bytesOf(raw), sizes);

/** Texts with what needs care: escapes, control characters, characters of one to four bytes. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...'"\\/\b\f\n\r\t\0\u001f\u007f\u2028\ufeffé日😀u'), fc.string({ unit: "binary" })))
  .map((parts) => parts.join("").toWellFormed());

describe("text as a JSON string", () => {
  it("is written as JSON.stringify does, at any chunking (C9 CD13)", () => {
    fc.assert(
      fc.property(text, cuts, (value, sizes) => {
        expect(`"${textOf(encode(bytesOf(value), sizes) as Uint8Array)}"`).toBe(JSON.stringify(value));
      }),
      { numRuns: 2000 },
    );
    for (let point = 0; point < 0x120; point++) {
      const value = String.fromCodePoint(point);
      expect(`"${textOf(encode(bytesOf(value)) as Uint8Array)}"`).toBe(JSON.stringify(value));
    }
  });

  it("is refused when the bytes are not UTF-8, exactly then (CD13)", () => {
    const near = fc.array(fc.constantFrom(0x22, 0x61, 0x80, 0x90, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(near, cuts, (bytes, sizes) => {
        const isUtf8 = Buffer.from(bytes).equals(Buffer.from(Buffer.from(bytes).toString()));
        expect(encode(Uint8Array.from(bytes), sizes) instanceof Malformed).toBe(!isUtf8);
      }),
      { numRuns: 5000 },
    );
  });

  it("says where it is no UTF-8, and stays refused", () => {
    for (const sizes of [[1], [9]])
      expect(encode(Uint8Array.from([0x61, 0x22, 0x63, 0xe9, 0x61]), sizes)).toMatchObject({ offset: 4 });
    expect(encode(bytesOf("aé").subarray(0, 2))).toMatchObject({
      offset: 2,
      message: "The text ends within a character.",
    });
    const encoder = new JsonStringEncoder();
    const fault = encoder.write(Uint8Array.of(0xff));
    expect(encoder.write(bytesOf("a"))).toBe(fault);
    expect(encoder.end()).toBe(fault);
  });
});

describe("a JSON string as text", () => {
  it("is read back as JSON.parse does, at any chunking and however it is escaped (CD15)", () => {
    const escapeAll = (value: string) =>
      value.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const written = fc.func(fc.boolean());
    fc.assert(
      fc.property(text, written, cuts, (value, isEscaped, sizes) => {
        const raw = [...value].map((c) => (isEscaped(c) ? escapeAll(c) : JSON.stringify(c).slice(1, -1))).join("");
        expect(textOf(decode(`"${raw}"`, sizes) as Uint8Array)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows every escape, in either case (CD15)", () => {
    const raw = '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\u00E9\\u07ff\\u0800\\uABCD\\uabcd\\uffff\\ud83d\\uDE00"';
    for (let size = 1; size < raw.length; size++)
      expect(textOf(decode(raw, [size]) as Uint8Array)).toBe(JSON.parse(raw));
  });

  const LONE = [
    "\\ud800",
    "\\udc00",
    "\\ud800\\ud800",
    "\\udc00\\ud800",
    "\\ud800x",
    "\\ud800\\n",
    "\\ud800\\u0041",
    "a\\uDBFF",
  ];
  for (const raw of LONE)
    it(`is refused with half of a pair: ${raw}`, () => {
      for (let size = 1; size < raw.length + 3; size++)
        expect(decode(`"${raw}"`, [size])).toMatchObject({ message: "A string has half of a surrogate pair." });
    });

  it("is refused when it is no string", () => {
    for (const raw of ["1", "null", "{}", '["a"]']) expect(decode(raw)).toMatchObject({ offset: 0 });
  });

  it("is a view of the chunk where nothing is escaped", () => {
    const chunk = bytesOf("plain");
    const decoder = new JsonStringDecoder();
    decoder.write(bytesOf('"'));
    expect((decoder.write(chunk) as Uint8Array).buffer).toBe(chunk.buffer);
    expect(new JsonStringEncoder().write(chunk)).toBe(chunk);
  });
});

describe("a lone surrogate", () => {
  it.each([
    ['"abcdefghij\\ud800 x"', 11],
    ['"ab\\ud83d\\ude00 \\udc00"', 3],
  ])("is reported with an offset within its string: %s", (text, offset) => {
    const bytes = Buffer.from(text);
    const whole = new JsonStringDecoder().write(bytes);
    expect(whole).toMatchObject({ offset });
    const decoder = new JsonStringDecoder();
    const found = Array.from(bytes, (byte) => decoder.write(Uint8Array.of(byte))).find(
      (one) => one instanceof Malformed,
    );
    expect(found?.offset).toBeGreaterThanOrEqual(offset);
    expect(found?.offset).toBeLessThan(bytes.length);
  });
});
