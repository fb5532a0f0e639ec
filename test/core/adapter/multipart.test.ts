import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MultipartReader, PART_HEADERS_LIMIT_BYTES } from "../../../src/core/adapter/multipart.ts";
import { boundaryOf, fileNameOf, readHeaders } from "../../../src/core/adapter/part-headers.ts";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { cut, cuts, mutate, mutation } from "../../support/core/chunks.ts";
import { peakGrowth } from "../../support/core/memory.ts";

const MB = 1024 * 1024;

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

function read(message: Uint8Array, boundary: string, sizes: readonly number[]): Part[] | Malformed {
  const parts: { headers: ReadonlyMap<string, string>; pieces: Buffer[]; isOver: boolean }[] = [];
  const reader = new MultipartReader(boundary, {
    onPart: (headers) => parts.push({ headers, pieces: [], isOver: false }),
    onBytes: (bytes) => parts.at(-1)?.pieces.push(Buffer.from(bytes)),
    onPartEnd: () => Object.assign(parts.at(-1) ?? {}, { isOver: true }),
  });
  for (const piece of cut(new Uint8Array(message), sizes)) {
    const fault = reader.write(piece);
    piece.fill(0);
    if (fault) return fault;
  }
  const fault = reader.end();
  if (fault) return fault;
  expect(parts.every(({ isOver }) => isOver)).toBe(true);
  return parts.map(({ headers, pieces }) => ({ headers, body: Buffer.concat(pieces) }));
}

const message = (boundary: string, parts: readonly { headers: string; body: Uint8Array }[]) =>
  Buffer.concat([
    ...parts.flatMap(({ headers, body }) => [
      Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`),
      body,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

/** Bodies full of what a boundary is made of, without being one. */
const body = (boundary: string) =>
  fc
    .array(fc.constantFrom("\r", "\n", "\r\n", "-", "--", "\r\n-", `--${boundary}`, boundary.slice(0, -1), "x", "é"), {
      maxLength: 20,
    })
    .map((pieces) => Buffer.from(pieces.join("")))
    .filter((bytes) => !`\r\n${bytes.toString()}\r`.includes(`\r\n--${boundary}`));

describe("a multipart message in chunks", () => {
  const boundary = fc.constantFrom("x", "--", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "a b", "-x-");
  const any = boundary.chain((of) => fc.tuple(fc.constant(of), fc.array(body(of), { maxLength: 5 })));

  it("has the same parts wherever it is cut, whatever looks like a boundary (C8 CD13)", () => {
    fc.assert(
      fc.property(any, cuts, ([of, bodies], sizes) => {
        const parts = bodies.map((one, index) => ({ headers: `X-Number: ${index}`, body: one }));
        const expected = bodies.map((one, index) => ({ headers: new Map([["x-number", `${index}`]]), body: one }));
        expect(read(message(of, parts), of, sizes)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read the same wherever it is cut, also when it is damaged (C8)", () => {
    fc.assert(
      fc.property(any, mutation, cuts, ([of, bodies], by, sizes) => {
        const damaged = mutate(
          message(
            of,
            bodies.map((one) => ({ headers: "A: b", body: one })),
          ),
          by,
        );
        const [whole, pieces] = [read(damaged, of, [damaged.length + 1]), read(damaged, of, sizes)];
        if (whole instanceof Malformed) expect(pieces).toMatchObject({ message: whole.message });
        else expect(pieces).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  const REFUSED: Record<string, [text: string, message: string]> = {
    "nothing at all": ["", "last boundary is missing"],
    "no boundary": ["hello", "last boundary is missing"],
    "a part that does not end": ["--x\r\nA: b\r\n\r\nbody", "last boundary is missing"],
    "headers that do not end": ["--x\r\nA: b\r\n", "last boundary is missing"],
    "a boundary that goes on": ["--xy\r\nA: b\r\n\r\n--x--", "something else than a line break"],
    "one dash only": ["--x-\r\n\r\n--x--", "something else than a line break"],
    "dashes behind padding": ["--x --", "something else than a line break"],
    "a line without a colon": ["--x\r\nnonsense\r\n\r\n\r\n--x--", "no header"],
    "a header without a name": ["--x\r\n: b\r\n\r\n\r\n--x--", "no header"],
    "a space before the colon": ["--x\r\nA : b\r\n\r\n\r\n--x--", "no header"],
    "too much of headers": [`--x\r\nA: ${"b".repeat(PART_HEADERS_LIMIT_BYTES)}\r\n\r\n\r\n--x--`, "more than"],
    "padding without end": [`--x${" ".repeat(100_000)}`, "last boundary is missing"],
  };
  for (const [what, [text, expected]] of Object.entries(REFUSED))
    it(`is refused with ${what} (C8 CD13)`, () => {
      for (const sizes of [[1], [7], [1_000_000]])
        expect(read(Buffer.from(text), "x", sizes)).toMatchObject({ message: expect.stringContaining(expected) });
    });

  it("may have no headers in a part, a preamble, padding and an epilogue (C8)", () => {
    const text = "before\r\n--x \t\r\n\r\nbody\r\n--x--\r\n--x\r\nafter";
    for (const sizes of [[1], [100]])
      expect(read(Buffer.from(text), "x", sizes)).toEqual([{ headers: new Map(), body: Buffer.from("body") }]);
  });

  it("may have headers of exactly the limit, wherever they are cut (CD13)", () => {
    const header = `A: ${"b".repeat(PART_HEADERS_LIMIT_BYTES - 5)}`;
    const text = message("x", [{ headers: header, body: Buffer.from("body") }]);
    for (const sizes of [[1], [100], [1_000_000]]) expect(read(text, "x", sizes)).toHaveLength(1);
  });

  it("memory stays flat with a part of 16 MB (CD10)", () => {
    const reader = new MultipartReader("x", {
      onPart: () => undefined,
      onBytes: () => undefined,
      onPartEnd: () => undefined,
    });
    reader.write(Buffer.from("--x\r\nA: b\r\n\r\n"));
    const grown = peakGrowth(Buffer.from("\r\n-\r\n--y".repeat(8_000)), 16 * MB, (chunk) => reader.write(chunk));
    expect([reader.write(Buffer.from("\r\n--x--")), reader.end()]).toEqual([null, null]);
    expect(grown).toBeLessThan(8 * MB);
  }, 60_000);
});

describe("the headers of a part", () => {
  it("have names in any case, the first of several, folded or not", () => {
    expect(readHeaders("\r\nA: 1\r\na: 2\r\nB:\tx;\r\n y=z \r\nc:")).toEqual(
      new Map([
        ["a", "1"],
        ["b", "x; y=z"],
        ["c", ""],
      ]),
    );
  });

  it.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ['Multipart/Form-Data; charset=utf-8; BOUNDARY="a b"', "a b"],
    ['multipart/form-data; x="; boundary=no"; boundary=yes', "yes"],
    ["multipart/form-data; boundary=one; boundary=two", "one"],
    ["multipart/form-data", null],
    ["multipart/form-data; boundary=", null],
    ['multipart/form-data; boundary=""', null],
    ['multipart/form-data; boundary="ends with a space "', null],
    [`multipart/form-data; boundary=${"x".repeat(70)}`, "x".repeat(70)],
    [`multipart/form-data; boundary=${"x".repeat(71)}`, null],
    ["multipart/form-data; boundary=é", null],
  ])("the boundary of %s (CD13)", (type, boundary) => expect(boundaryOf(type)).toBe(boundary));

  it.each([
    [undefined, null],
    ["form-data", null],
    ['form-data; name="filename=x"', null],
    ['form-data; name="a"; filename=""', null],
    ['form-data; name="a"; filename="größe 船.csv"', "größe 船.csv"],
    ['form-data; FileName = "a.csv"', "a.csv"],
    ["form-data; filename=a.csv; x=y", "a.csv"],
    ['form-data; filename="a\\"b\\\\c"', 'a"b\\c'],
    ['form-data; filename="C:\\dir\\a.csv"', "C:\\dir\\a.csv"],
    ['form-data; filename="a%22b%0D%0A%41.csv"', 'a"b\r\n%41.csv'],
    ["form-data; filename=\"e.txt\"; filename*=UTF-8''%e2%82%ac.txt", "€.txt"],
    ["form-data; filename*=utf-8'en'a%20b.txt", "a b.txt"],
    ["form-data; filename*=UTF-8''%ff; filename=plain", "plain"],
    ["form-data; filename*=iso-8859-1''%e4; filename=plain", "plain"],
  ])("the file name of %s (CD13)", (disposition, name) => expect(fileNameOf(disposition)).toBe(name));

  it("take no longer than their length, whatever they are made of", () => {
    const pieces = fc.array(fc.constantFrom('"', "\\", ";", "=", " ", "a", "filename", "*", "%", "'", "\t"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(pieces, (some) => {
        const text = `form-data; ${some.join("").repeat(4_000).slice(0, PART_HEADERS_LIMIT_BYTES)}`;
        const at = performance.now();
        fileNameOf(text);
        boundaryOf(text);
        expect(performance.now() - at).toBeLessThan(500);
      }),
    );
  });
});
