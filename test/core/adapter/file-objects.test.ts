import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilesWriter } from "../../../src/core/adapter/file-objects.ts";
import { FileBodyReader, FilesInspector, type FilesSummary } from "../../../src/core/adapter/file-reader.ts";
import type { FileMetadata } from "../../../src/core/adapter/file-type.ts";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { cut, cuts } from "../../support/core/chunks.ts";
import { peakGrowth } from "../../support/core/memory.ts";

const MB = 1024 * 1024;
const bytesOf = (text: string) => new TextEncoder().encode(text);

type File = FileMetadata & { readonly body: Uint8Array };

/** The JSON of the files, or the fault of the first body that cannot be written. */
function write(files: readonly File[], sizes: readonly number[] = [5]): string | Malformed {
  const writer = new FilesWriter();
  const pieces: Uint8Array[] = [];
  for (const file of files) {
    pieces.push(writer.open(file));
    for (const chunk of cut(file.body, sizes)) {
      const piece = writer.write(chunk);
      if (piece instanceof Malformed) return piece;
      pieces.push(piece);
    }
    const tail = writer.close();
    if (tail instanceof Malformed) return tail;
    pieces.push(tail);
  }
  return Buffer.concat([...pieces, writer.end()]).toString();
}

function inspect(json: string, sizes: readonly number[] = [5]): FilesSummary | Malformed {
  const inspector = new FilesInspector();
  for (const piece of cut(bytesOf(json), sizes)) {
    const fault = inspector.write(piece);
    if (fault !== null) return fault;
  }
  return inspector.end();
}

function readBody(
  json: string,
  encoding: FileMetadata["encoding"],
  sizes: readonly number[] = [5],
): Buffer | Malformed {
  const pieces: Uint8Array[] = [];
  const reader = new FileBodyReader(encoding, (bytes) => pieces.push(bytes.slice()));
  for (const piece of cut(bytesOf(json), sizes)) {
    const fault = reader.write(piece);
    piece.fill(0);
    if (fault !== null) return fault;
  }
  return reader.end() ?? Buffer.concat(pieces);
}

const facts = { fileName: fc.string({ unit: "grapheme" }), mimeType: fc.string() };
const file: fc.Arbitrary<File> = fc.oneof(
  fc.record({ ...facts, encoding: fc.constant("base64" as const), body: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ ...facts, encoding: fc.constant("utf8" as const), body: fc.string({ unit: "grapheme" }).map(bytesOf) }),
);
const asObject = ({ fileName, mimeType, encoding, body }: File) => ({
  file_name: fileName,
  mime_type: mimeType,
  body: Buffer.from(body).toString(encoding),
  content_transfer_encoding: encoding,
});

const EXAMPLE = {
  file_name: "example.json",
  mime_type: "application/json",
  body: '{"doc_type":"shipment_json","shipments":[{"forwarder_reference":"8901238901","gross_weight_kgs":1000}]}',
  content_transfer_encoding: "utf8",
};

describe("files written as a stream", () => {
  it("the example of the document, to the byte (C8 C9)", () => {
    const example: File = {
      fileName: "example.json",
      mimeType: "application/json",
      encoding: "utf8",
      body: bytesOf(EXAMPLE.body),
    };
    for (const size of [1, 3, 1000]) expect(write([example], [size])).toBe(JSON.stringify([EXAMPLE]));
  });

  it("any number of files of either encoding, at any chunking (C8 C9 CD13)", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 4 }), cuts, (files, sizes) => {
        expect(write(files, sizes)).toBe(JSON.stringify(files.map(asObject)));
      }),
      { numRuns: 1000 },
    );
  });

  it("a body that is no UTF-8 is refused as utf8, and goes as base64 (CD13)", () => {
    const latin = { fileName: "a.txt", mimeType: "text/plain", body: Uint8Array.of(0x63, 0xe9) };
    expect(write([{ ...latin, encoding: "utf8" }])).toBeInstanceOf(Malformed);
    expect(write([{ ...latin, encoding: "base64" }])).toContain('"body":"Y+k="');
  });

  it("throws when files are not opened and closed in turn", () => {
    const writer = new FilesWriter();
    expect(() => writer.close()).toThrow();
    writer.open({ fileName: "a", mimeType: "b", encoding: "utf8" });
    expect(() => writer.open({ fileName: "a", mimeType: "b", encoding: "utf8" })).toThrow();
  });
});

describe("files read as a stream", () => {
  const shuffledKeys = fc.shuffledSubarray(Object.keys(EXAMPLE) as (keyof typeof EXAMPLE)[], { minLength: 4 });

  it("are counted, the first one described and decoded, in any order of keys, at any chunking (CD2 CD15)", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 3 }), shuffledKeys, fc.nat(2), cuts, (files, keys, indent, sizes) => {
        const objects = files.map(asObject).map((object) => Object.fromEntries(keys.map((key) => [key, object[key]])));
        const json = JSON.stringify(objects, null, indent);
        const [first] = files;
        const { body, ...about } = first ?? { body: new Uint8Array() };
        expect(inspect(json, sizes)).toEqual({ count: files.length, first: first ? about : null });
        expect(readBody(json, first?.encoding ?? "utf8", sizes)).toEqual(Buffer.from(body));
      }),
      { numRuns: 1000 },
    );
  });

  const altered = (change: object) => JSON.stringify([{ ...EXAMPLE, ...change }]);
  const REFUSED: Record<string, string> = {
    ...Object.fromEntries(Object.keys(EXAMPLE).map((key) => [`no ${key}`, altered({ [key]: undefined })])),
    ...Object.fromEntries(
      Object.keys(EXAMPLE).flatMap((key) =>
        [1, null, ["a"], { a: "b" }, true].map((value) => [
          `${key} ${JSON.stringify(value)}`,
          altered({ [key]: value }),
        ]),
      ),
    ),
    "a fifth key": altered({ size: 1 }),
    "a key of a prototype": JSON.stringify([EXAMPLE]).replace("}", ',"__proto__":"x"}'),
    "a key twice": JSON.stringify([EXAMPLE]).replace("[{", '[{"body":"",'),
    "another encoding": altered({ content_transfer_encoding: "binary" }),
    "an encoding in another case": altered({ content_transfer_encoding: "UTF8" }),
    "a body that is no base64": altered({ content_transfer_encoding: "base64" }),
    "a body whose base64 ends too early": altered({ content_transfer_encoding: "base64", body: "QUJDQQ" }),
    "a body with half of a surrogate pair": altered({ body: "a\ud800" }),
    "a name with half of a surrogate pair": altered({ file_name: "a\udc00" }),
    "a second file that is none": JSON.stringify([EXAMPLE, {}]),
    "an item that is no object": JSON.stringify([EXAMPLE, "x"]),
    "one file without an array": JSON.stringify(EXAMPLE),
    "text that is no JSON": JSON.stringify([EXAMPLE]).slice(0, -1),
  };
  for (const [what, json] of Object.entries(REFUSED))
    it(`are refused: ${what} (C9 CD13)`, () => {
      for (const sizes of [[1], [4], [100_000]]) expect(inspect(json, sizes)).toBeInstanceOf(Malformed);
    });

  it("a body may be text that only looks like base64, and base64 before its encoding is known (CD13)", () => {
    const { content_transfer_encoding, ...others } = { ...EXAMPLE, body: "QUJDQQ" };
    expect(inspect(JSON.stringify([{ ...others, content_transfer_encoding }]))).toMatchObject({ count: 1 });
    const late = JSON.stringify([{ ...others, body: "QUJDQQ==", content_transfer_encoding: "base64" }]);
    const early = JSON.stringify([{ content_transfer_encoding: "base64", ...others, body: "QUJDQQ==" }]);
    for (const json of [late, early]) {
      expect(inspect(json)).toMatchObject({ first: { encoding: "base64" } });
      expect(readBody(json, "base64")).toEqual(Buffer.from("ABCA"));
    }
    expect(inspect(early.replace("==", "!="))).toBeInstanceOf(Malformed);
  });

  it("says so when a body cannot be decoded after all", () => {
    expect(readBody(altered({}), "base64")).toMatchObject({ message: expect.stringContaining("not base64") });
    expect(readBody(altered({ body: "QUJDQQ" }), "base64")).toMatchObject({
      message: expect.stringContaining("too early"),
    });
    expect(readBody(altered({ body: "\ud800" }), "utf8")).toBeInstanceOf(Malformed);
    expect(readBody(altered({ body: 1 }), "utf8")).toBeInstanceOf(Malformed);
  });
});

describe("memory stays flat with a body of 16 MB (CD10 CD15)", () => {
  const TEXT = bytesOf('{"reference":"8901é","weight":1000},\n'.repeat(1700));
  for (const encoding of ["utf8", "base64"] as const)
    it(`written, inspected and decoded as ${encoding}`, () => {
      const writer = new FilesWriter();
      const inspector = new FilesInspector();
      let decodedBytes = 0;
      let sentBytes = 0;
      const reader = new FileBodyReader(encoding, (bytes) => {
        decodedBytes += bytes.length;
      });
      const through = (piece: Uint8Array | Malformed) => {
        const fault = piece instanceof Malformed ? piece : (inspector.write(piece) ?? reader.write(piece));
        if (fault !== null) throw new Error(fault.message);
      };
      through(writer.open({ fileName: "message.json", mimeType: "application/json", encoding }));
      const grown = peakGrowth(TEXT, 16 * MB, (chunk) => {
        sentBytes += chunk.length;
        through(writer.write(chunk));
      });
      through(writer.close());
      through(writer.end());
      expect(inspector.end()).toMatchObject({ count: 1, first: { encoding } });
      expect(reader.end()).toBeNull();
      expect(decodedBytes).toBe(sentBytes);
      expect(grown).toBeLessThan(8 * MB);
    }, 60_000);
});
