import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Malformed } from "../../../src/core/json/malformed.ts";
import {
  COLLECT_LIMIT_BYTES,
  MEMBER_LIMIT,
  type MemberOptions,
  MemberScanner,
  NAME_LIMIT_BYTES,
  type Treatment,
} from "../../../src/core/json/members.ts";
import { cut, cuts, mutate, mutation } from "../../support/core/chunks.ts";
import { peakGrowth } from "../../support/core/memory.ts";

const MB = 1024 * 1024;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** The raw text of each member, or the fault. */
function read(
  text: string | Uint8Array,
  { sizes = [7], treat = () => "pass" as Treatment, ...options }: Reading = {},
): Map<string, string> | Malformed {
  const pieces = new Map<string, Uint8Array[]>();
  const ended: string[] = [];
  const scanner = new MemberScanner(
    {
      onMember: (name) => {
        const treatment = treat(name);
        if (treatment !== "skip") pieces.set(name, []);
        return treatment;
      },
      onValue: (name, bytes) => {
        pieces.get(name)?.push(bytes);
        ended.push(name);
      },
      onBytes: (name, bytes) => pieces.get(name)?.push(bytes.slice()),
      onEnd: (name) => ended.push(name),
    },
    options,
  );
  for (const piece of cut(typeof text === "string" ? bytesOf(text) : text, sizes)) {
    const fault = scanner.write(piece);
    piece.fill(0);
    if (fault !== null) return fault;
  }
  const fault = scanner.end();
  if (fault !== null) return fault;
  expect(ended).toEqual([...pieces.keys()]);
  return new Map([...pieces].map(([name, all]) => [name, textOf(Buffer.concat(all))]));
}

interface Reading extends MemberOptions {
  readonly sizes?: readonly number[];
  readonly treat?: (name: string) => Treatment;
}

const RESULT = ' { "callback" : "a.b.c",\n"payload": { "a" : [ 1.50, "\\u00e9" ] } , "n":1e2 ,"status":"success" } ';
const object = fc.dictionary(fc.string({ unit: "binary", maxLength: 20 }), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 8,
});
const treatments = fc.func(fc.constantFrom<Treatment>("collect", "pass", "skip"));

describe("the members of an object in chunks", () => {
  it("values pass byte for byte as they stood, without the whitespace around them (CD15)", () => {
    for (let size = 1; size <= RESULT.length; size++)
      expect(read(RESULT, { sizes: [size] })).toEqual(
        new Map([
          ["callback", '"a.b.c"'],
          ["payload", '{ "a" : [ 1.50, "\\u00e9" ] }'],
          ["n", "1e2"],
          ["status", '"success"'],
        ]),
      );
  });

  it("small members are collected whole beside a payload that passes and others that are skipped (CD2)", () => {
    const how: Record<string, Treatment> = { callback: "collect", payload: "pass", status: "collect" };
    const members = read(RESULT, { sizes: [3], treat: (name) => how[name] ?? "skip" });
    expect(members).toEqual(new Map([...(read(RESULT) as Map<string, string>)].filter(([name]) => name in how)));
  });

  it("are those that JSON.parse finds, whatever is done with them, at any chunking (CD2)", () => {
    fc.assert(
      fc.property(object, fc.nat(3), cuts, treatments, (value, indent, sizes, treat) => {
        const members = read(JSON.stringify(value, null, indent), { sizes, treat });
        const found = [...(members as Map<string, string>)].map(([name, raw]) => [name, JSON.parse(raw)]);
        const wanted = Object.entries(JSON.parse(JSON.stringify(value))).filter(([name]) => treat(name) !== "skip");
        expect(found).toEqual(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  it("are refused or not alike at any chunking, also when mutated", () => {
    fc.assert(
      fc.property(object, mutation, cuts, treatments, (value, by, sizes, treat) => {
        const bytes = mutate(bytesOf(JSON.stringify(value)), by);
        const whole = read(bytes, { sizes: [Number.MAX_SAFE_INTEGER], treat });
        expect(read(bytes, { sizes, treat })).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it("have any names, those of prototypes and escaped ones too", () => {
    const text = '{"__proto__":1,"constructor":2,"toString":3,"\\u0061\\n":4,"":5,"\\ud800":6,"hasOwnProperty":7}';
    for (const sizes of [[1], [99]])
      expect([...(read(text, { sizes }) as Map<string, string>).keys()]).toEqual([
        "__proto__",
        "constructor",
        "toString",
        "a\n",
        "",
        "\ud800",
        "hasOwnProperty",
      ]);
  });

  it("are numbers of any length, unchanged", () => {
    const number = `-${"9".repeat(100_000)}.${"0".repeat(100_000)}e+${"1".repeat(1000)}`;
    expect(read(`{"n":${number}}`, { sizes: [4096] })).toEqual(new Map([["n", number]]));
  });

  const REFUSED: Record<string, [text: string, message: string]> = {
    "an array": ["[]", "must be an object"],
    "a string": ['"{}"', "must be an object"],
    "a number": ["1 ", "must be an object"],
    "a byte order mark": ["\ufeff{}", "unexpected byte 0xef"],
    "a repeated name": ['{"callback":1,"callback":1}', '"callback" is there twice'],
    "a repeated name, once escaped": ['{"a":1,"\\u0061":1}', '"a" is there twice'],
    "a repeated name of a prototype": ['{"__proto__":1,"__proto__":1}', '"__proto__" is there twice'],
    "something behind the object": ["{} {}", "follows"],
    "nothing at all": ["", "too early"],
    "a name that is too long": [
      `{"${"n".repeat(NAME_LIMIT_BYTES + 1)}":1}`,
      "name of a member has more than 256 bytes",
    ],
    "a collected value that is too long": [`{"v":"${"x".repeat(COLLECT_LIMIT_BYTES - 1)}"}`, "more than 65536 bytes"],
    "too many members": [
      `{${Array.from({ length: MEMBER_LIMIT + 1 }, (_, i) => `"${i}":0`)}}`,
      "more than 1024 members",
    ],
  };
  for (const [what, [text, message]] of Object.entries(REFUSED))
    it(`are refused: ${what} (CD2)`, () => {
      for (const sizes of [[1], [Number.MAX_SAFE_INTEGER]])
        expect(read(text, { sizes, treat: () => "collect" })).toMatchObject({
          message: expect.stringContaining(message),
        });
    });

  it("may be as long and as many as the limits say", () => {
    const name = "n".repeat(NAME_LIMIT_BYTES);
    const value = `"${"x".repeat(COLLECT_LIMIT_BYTES - 2)}"`;
    expect(read(`{"${name}":${value}}`, { treat: () => "collect" })).toEqual(new Map([[name, value]]));
    const many = `{${Array.from({ length: MEMBER_LIMIT }, (_, i) => `"${i}":0`)}}`;
    expect((read(many) as Map<string, string>).size).toBe(MEMBER_LIMIT);
    expect(read('{"a":12345}', { treat: () => "collect", collectLimitBytes: 5 })).toEqual(new Map([["a", "12345"]]));
    expect(read('{"a":123456}', { treat: () => "collect", collectLimitBytes: 5 })).toBeInstanceOf(Malformed);
  });

  it("only repeat within one object: nested ones are not looked into", () => {
    expect(read('{"a":{"b":1,"b":2},"b":[{"a":1}]}')).toBeInstanceOf(Map);
  });

  it("are refused by a handler, which stays the answer", () => {
    const scanner: MemberScanner = new MemberScanner({
      onMember: () => {
        scanner.fail("not wanted");
        return "skip";
      },
    });
    expect(scanner.write(bytesOf('{"a":1,'))).toMatchObject({ offset: 5, message: "not wanted" });
    expect(scanner.write(bytesOf("}"))).toMatchObject({ message: "not wanted" });
    expect(scanner.end()).toMatchObject({ message: "not wanted" });
  });
});

describe("the objects of an array in chunks", () => {
  it("are told apart, and names repeat between them only", () => {
    const seen: string[] = [];
    const scanner = new MemberScanner(
      {
        onItem: () => seen.push("{"),
        onMember: (name) => {
          seen.push(name);
          return "collect";
        },
        onValue: (_, bytes) => seen.push(textOf(bytes)),
        onItemEnd: () => seen.push("}"),
      },
      { of: "array" },
    );
    for (const piece of cut(bytesOf(' [ {"a":1,"b":[2]} , {"a":{}},{} ] '), [1]))
      expect(scanner.write(piece)).toBeNull();
    expect(scanner.end()).toBeNull();
    expect(seen.join(" ")).toBe("{ a 1 b [2] } { a {} } { }");
    expect(read('[{"a":1,"a":1}]', { of: "array" })).toMatchObject({ message: expect.stringContaining("twice") });
  });

  for (const text of ["{}", '{"a":[]}', "1", "[1]", "[[]]", '["a"]', "[{},null]", "[{}", "[{}]]"])
    it(`are refused: ${text}`, () => expect(read(text, { of: "array" })).toBeInstanceOf(Malformed));
});

describe("memory stays flat (CD10 CD15)", () => {
  const SHAPES: Record<string, [head: string, chunk: string, tail: string]> = {
    "one string of 16 MB": ['{"payload":"', "some text \\n with é ".repeat(3000), '"}'],
    "16 MB of objects": ['{"payload":[', '{"reference":"8901","weight":1000,"ok":true},'.repeat(1400), "null]}"],
    "16 MB of whitespace": ["{", " \n".repeat(32_000), "}"],
    "a number of 16 MB": ['{"payload":', "1234567890".repeat(6400), "}"],
  };
  for (const [what, [head, chunk, tail]] of Object.entries(SHAPES))
    for (const treatment of ["pass", "skip"] as const)
      it(`${what}, ${treatment}`, () => {
        let passed = 0;
        const handlers = {
          onMember: () => treatment,
          onBytes: (_: string, bytes: Uint8Array) => (passed += bytes.length),
        };
        const scanner = new MemberScanner(handlers);
        expect(scanner.write(bytesOf(head))).toBeNull();
        const grown = peakGrowth(bytesOf(chunk), 16 * MB, (bytes) => scanner.write(bytes));
        expect(scanner.write(bytesOf(tail)) ?? scanner.end()).toBeNull();
        expect(grown).toBeLessThan(4 * MB);
        expect(passed > 15 * MB).toBe(treatment === "pass" && head.includes("payload"));
      }, 60_000);
});
