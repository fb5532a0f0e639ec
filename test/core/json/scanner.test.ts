import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { JSON_DEPTH_LIMIT, JsonScanner } from "../../../src/core/json/scanner.ts";
import { cut, cuts, mutate, mutation } from "../../support/core/chunks.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The platform's own opinion. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function scan(bytes: Uint8Array, sizes: readonly number[] = [bytes.length || 1]): Malformed | null {
  const scanner = new JsonScanner();
  for (const piece of cut(bytes, sizes)) {
    const fault = scanner.write(piece);
    piece.fill(0);
    if (fault !== null) return fault;
  }
  return scanner.end();
}

const depth = (n: number) => "[".repeat(n) + "]".repeat(n);

const VALID = [
  ..."0 -0 1 -1 10 1.5 -1.50 1e5 1E+5 1e-05 0.0e0 123456789012345678901234567890 1e400 true false null".split(" "),
  ...['""', '"a"', '"\\""', '"\\\\"', '"\\/\\b\\f\\n\\r\\t"', '"\\u00e9\\uD83D\\uDE00"', '"\\ud800"', '"\u007f"'],
  ...['"é"', '"日本"', '"😀"', '"\ufeff"', '"\u2028"', "[]", "{}", "[[],{}]", '{"":0}', '{"a":1,"a":2}'],
  ...[' \t\r\n{ "a" : [ 1 , 2 ] , "b" : { } } \n', depth(JSON_DEPTH_LIMIT), `${"9".repeat(1000)}.${"1".repeat(1000)}`],
];
const INVALID = [
  ..."- -a 01 -01 1. .5 1.e5 1e 1e+ 1.5.5 0x1 +1 1_0 Infinity NaN -Infinity tru truE nul nulll true1 1true 1a".split(
    " ",
  ),
  ...["", " ", "'a'", '"', '"a', '"\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\U0041"', '"\n"', '"\t"', '"\0"', "a"],
  ...["[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{]", '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}'],
  ...[
    "{1:1}",
    "{a:1}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":1:2}',
    "[]]",
    "{}{}",
    "1 2",
    "[] ,",
    "// a\n1",
    "/**/1",
    "\ufeff{}",
  ],
  ...["\v1", "\f1", "\u00a01", "1\u2028", "\0", "[1]\0", "[1,,2]", ":", ",", "[:]", '["a":1]', '{"a","b"}'],
];
const NOT_UTF8: Record<string, number[]> = {
  "a stray continuation": [0x80],
  "an overlong slash": [0xc0, 0xaf],
  "an overlong character of three bytes": [0xe0, 0x80, 0xaf],
  "an overlong character of four bytes": [0xf0, 0x80, 0x80, 0xaf],
  "a surrogate": [0xed, 0xa0, 0x80],
  "a pair of surrogates": [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  "a point above U+10FFFF": [0xf4, 0x90, 0x80, 0x80],
  "a lead byte without its tail": [0xe2, 0x82],
  "a byte that is never used": [0xff],
};

describe("a JSON text in chunks", () => {
  for (const text of VALID)
    it(`is accepted: ${text.slice(0, 40)}`, () => {
      expect(isJson(bytesOf(text))).toBe(true);
      for (const sizes of [[Number.MAX_SAFE_INTEGER], [1], [2, 0, 3]]) expect(scan(bytesOf(text), sizes)).toBeNull();
    });

  for (const text of INVALID)
    it(`is refused: ${JSON.stringify(text)}`, () => {
      expect(isJson(bytesOf(text))).toBe(false);
      for (const sizes of [[Number.MAX_SAFE_INTEGER], [1], [2, 0, 3]])
        expect(scan(bytesOf(text), sizes)).toBeInstanceOf(Malformed);
    });

  for (const [what, bytes] of Object.entries(NOT_UTF8))
    it(`is refused with ${what} in a string`, () => {
      const text = Uint8Array.from([0x22, ...bytes, 0x22]);
      for (const sizes of [[9], [1]])
        expect(scan(text, sizes)).toMatchObject({ message: "A string is not valid UTF-8." });
    });

  it("says where it is wrong, in bytes, at any chunking", () => {
    for (const [text, offset] of [
      ['{"é": 1, x}', 10],
      ["[1,\n02]", 5],
      ["{}}", 2],
      ['"ab\u0001"', 3],
      ["[1", 2],
    ] as const)
      for (const sizes of [[99], [1], [3]]) expect(scan(bytesOf(text), sizes)).toMatchObject({ offset });
  });

  it("stays refused", () => {
    const scanner = new JsonScanner();
    const fault = scanner.write(bytesOf("[}"));
    expect(fault).toBeInstanceOf(Malformed);
    expect(scanner.write(bytesOf("]"))).toBe(fault);
    expect(scanner.end()).toBe(fault);
  });

  it("is refused beyond so many levels, before they cost anything", () => {
    for (const bomb of ["[".repeat(1_000_000), '{"a":'.repeat(1_000_000), depth(JSON_DEPTH_LIMIT + 1)])
      expect(scan(bytesOf(bomb))).toMatchObject({ message: expect.stringContaining("within one another") });
  });

  it("is accepted for any value, at any chunking", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), cuts, (text, sizes) => {
        expect(scan(bytesOf(text), sizes)).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it("agrees with JSON.parse on any mutation of a value", () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        cuts,
        (text, by, sizes) => {
          const bytes = by.reduce(mutate, bytesOf(text));
          expect(scan(bytes, sizes) === null).toBe(isJson(bytes));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("agrees with JSON.parse on garbage", () => {
    const tokens = '{ } [ ] , : " \\ a 0 1 - . e E + true null \n \\u00e9 "a" é'.split(/ /);
    const soup = fc.array(fc.constantFrom(...tokens, " "), { maxLength: 12 }).map((parts) => bytesOf(parts.join("")));
    fc.assert(
      fc.property(fc.oneof(soup, fc.uint8Array({ maxLength: 8 })), cuts, (bytes, sizes) => {
        expect(scan(bytes, sizes) === null).toBe(isJson(bytes));
      }),
      { numRuns: 20_000 },
    );
  });

  it("agrees with the platform on what UTF-8 is", () => {
    const near = fc.array(
      fc.constantFrom(0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(near, cuts, (inside, sizes) => {
        const bytes = Uint8Array.from([0x22, ...inside, 0x22]);
        expect(scan(bytes, sizes) === null).toBe(isJson(bytes));
      }),
      { numRuns: 10_000 },
    );
  });
});
