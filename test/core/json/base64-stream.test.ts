import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Base64Decoder, Base64Encoder } from "../../../src/core/json/base64-stream.ts";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { cut, cuts, mutate, mutation } from "../../support/core/chunks.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

function encode(bytes: Uint8Array, sizes: readonly number[]): string {
  const encoder = new Base64Encoder();
  const out = [...cut(bytes, sizes)].map((piece) => encoder.write(piece));
  return Buffer.concat([...out, encoder.end()]).toString("latin1");
}

function decode(text: Uint8Array, sizes: readonly number[] = [5]): Buffer | Malformed {
  const decoder = new Base64Decoder();
  const out: Uint8Array[] = [];
  for (const piece of cut(text, sizes)) {
    const bytes = decoder.write(piece);
    if (bytes instanceof Malformed) return bytes;
    out.push(bytes);
  }
  return decoder.end() ?? Buffer.concat(out);
}

describe("base64 as a stream", () => {
  it("is what the platform writes, at any chunking (CD13)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, sizes) => {
        expect(encode(bytes, sizes)).toBe(Buffer.from(bytes).toString("base64"));
      }),
      { numRuns: 2000 },
    );
  });

  it("is read back, at any chunking (CD15)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, cuts, (bytes, sizes, others) => {
        expect(decode(ascii(encode(bytes, sizes)), others)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("is accepted in its one form only: what the platform would write", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(mutation, { maxLength: 2 }), cuts, (bytes, by, sizes) => {
        const text = by.reduce(mutate, ascii(Buffer.from(bytes).toString("base64")));
        const latin = Buffer.from(text).toString("latin1");
        const isCanonical = Buffer.from(latin, "base64").toString("base64") === latin;
        expect(decode(text, sizes) instanceof Malformed).toBe(!isCanonical);
      }),
      { numRuns: 10_000 },
    );
  });

  const REFUSED: Record<string, [text: string, offset: number]> = {
    "a line break": ["QUJD\nQUJD", 4],
    "a space": ["QU JD", 2],
    "the alphabet of URLs": ["QUJ-", 3],
    "padding that is missing": ["QUJDQQ", 6],
    "half of the padding": ["QQ=", 3],
    "padding in the wrong place": ["Q===", 1],
    "padding alone": ["====", 0],
    "padding within four characters": ["QQ=Q", 3],
    "more behind the padding": ["QQ==QUJD", 4],
    "more padding": ["QQ===", 4],
    "bits left over": ["QR==", 3],
    "one character": ["QUJDQ", 5],
    "a character above ASCII": ["QUJé", 3],
  };
  for (const [what, [text, offset]] of Object.entries(REFUSED))
    it(`is refused with ${what}`, () => {
      for (const sizes of [[1], [2], [99]]) expect(decode(ascii(text), sizes)).toMatchObject({ offset });
    });

  it("stays refused", () => {
    const decoder = new Base64Decoder();
    const fault = decoder.write(ascii("!"));
    expect(decoder.write(ascii("QUJD"))).toBe(fault);
    expect(decoder.end()).toBe(fault);
  });
});
