import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BinaryFiles, type PayloadEncoder, payloadEncoder } from "../../../src/core/adapter/payload.ts";
import { cut, cuts } from "../../support/core/chunks.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

interface File {
  readonly file_name: string;
  readonly mime_type: string;
  readonly body: string;
  readonly content_transfer_encoding: "utf8" | "base64";
}

function run(encoder: PayloadEncoder, message: Uint8Array, sizes: readonly number[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const chunk of cut(new Uint8Array(message), sizes)) {
    pieces.push(...encoder.write(chunk).map((piece) => piece.slice()));
    chunk.fill(0);
  }
  return Buffer.concat([...pieces, ...encoder.end()]);
}

/** The payload of an input adapter as it goes out: made again when a file turns out to be no text. */
function encode(message: Uint8Array, type: string | null, sizes: readonly number[]): string | { fault: string } {
  const binaryFiles: BinaryFiles = new Set();
  for (let pass = 1; ; pass++) {
    const encoder = payloadEncoder("input", type, binaryFiles);
    const payload = run(encoder, message, sizes);
    if (encoder.fault !== null) return { fault: encoder.fault };
    if (!encoder.mustRestart) return payload.toString();
    expect(pass).toBe(1);
  }
}
const files = (payload: string | { fault: string }) => JSON.parse(payload as string) as File[];
const decoded = ({ body, content_transfer_encoding: encoding }: File) => Buffer.from(body, encoding);

const anyBody = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: "grapheme" }).map(bytesOf));
const type = fc.constantFrom("application/json", "text/plain", "application/xml", "application/pdf", "image/png");

describe("the payload of an input adapter", () => {
  it("one message parses back to the same bytes, whatever they are and wherever they are cut (C8 C9 CD13)", () => {
    fc.assert(
      fc.property(anyBody, fc.option(type), cuts, cuts, (message, of, sizes, others) => {
        const payload = encode(message, of, sizes);
        const [only, ...more] = files(payload);
        expect(more).toEqual([]);
        expect(decoded(only as File)).toEqual(Buffer.from(message));
        expect(only?.mime_type).toBe(of ?? "application/octet-stream");
        expect(encode(message, of, others)).toBe(payload);
      }),
      { numRuns: 1000 },
    );
  });

  it("every part of a form parses back to the same bytes, whatever they are and wherever they are cut (C8 C9 CD13)", () => {
    const part = fc.record({
      name: fc.option(fc.stringMatching(/^[\w é船.]{1,12}$/)),
      type: fc.option(type),
      body: anyBody,
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), cuts, cuts, (parts, sizes, others) => {
        const message = Buffer.concat([
          ...parts.flatMap(({ name, type: of, body }) => {
            const filename = name === null ? "" : `; filename="${name}"`;
            const declared = of === null ? "" : `\r\nContent-Type: ${of}`;
            const head = `--bound\r\nContent-Disposition: form-data; name="a"${filename}${declared}\r\n\r\n`;
            return [Buffer.from(head), body, Buffer.from("\r\n")];
          }),
          Buffer.from("--bound--\r\n"),
        ]);
        const payload = encode(message, "multipart/form-data; boundary=bound", sizes);
        const made = files(payload);
        expect(made.map(decoded)).toEqual(parts.map(({ body }) => Buffer.from(body)));
        expect(made.map(({ mime_type }) => mime_type)).toEqual(parts.map((one) => one.type ?? "text/plain"));
        for (const [index, { name }] of parts.entries())
          expect(made[index]?.file_name).toEqual(name ?? expect.stringMatching(/^message\.\w+$/));
        expect(encode(message, "multipart/form-data; boundary=bound", others)).toBe(payload);
      }),
      { numRuns: 1000 },
    );
  });

  it("bytes are base64 only where they must be (CD13)", () => {
    const parts = ["\xff", "plain", "\xc3", ""].map((body) => `--x\r\nA: b\r\n\r\n${body}\r\n`).join("");
    const message = Buffer.from(`${parts}--x--`, "latin1");
    for (const sizes of [[1], [5], [1_000]]) {
      const made = files(encode(message, "multipart/form-data; boundary=x", sizes));
      expect(made.map((one) => one.content_transfer_encoding)).toEqual(["base64", "utf8", "base64", "utf8"]);
    }
  });

  it("only multipart/form-data has parts; every other multipart is one file (CD13)", () => {
    for (const other of [
      "multipart/mixed; boundary=x",
      "multipart/form-data-x; boundary=x",
      "text/multipart/form-data",
    ])
      expect(files(encode(bytesOf("--x--"), other, [3]))).toHaveLength(1);
    for (const same of ["Multipart/Form-Data; boundary=x", " multipart/form-data ;boundary=x"])
      expect(files(encode(bytesOf("--x--"), same, [3]))).toEqual([]);
  });

  it.each([
    ["multipart/form-data", "--x--", "boundary"],
    ["multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\n", "last boundary"],
    ["multipart/form-data; boundary=x", `${"--x\r\nA: b\r\n\r\n\r\n".repeat(1001)}--x--`, "1000 parts"],
  ])("a form that is malformed is a fault: %s (%#) (CD13)", (of, message, why) => {
    for (const sizes of [[1], [100_000]])
      expect(encode(bytesOf(message), of, sizes)).toEqual({ fault: expect.stringContaining(why) });
  });

  it("a thousand parts are a thousand files (C8)", () => {
    const message = bytesOf(`${"--x\r\nA: b\r\n\r\n\r\n".repeat(1000)}--x--`);
    expect(files(encode(message, "multipart/form-data; boundary=x", [100]))).toHaveLength(1000);
  });
});

describe("the payload of an output adapter", () => {
  it("JSON goes out byte for byte, wherever it is cut and whatever its type (C10 CD15)", () => {
    const spaced = fc.tuple(fc.json(), fc.constantFrom("", " ", "\n\t"), fc.option(type));
    fc.assert(
      fc.property(spaced, cuts, ([json, space, of], sizes) => {
        const encoder = payloadEncoder("output", of, new Set());
        const message = bytesOf(space + json + space);
        expect(run(encoder, message, sizes)).toEqual(Buffer.from(message));
        expect([encoder.fault, encoder.mustRestart]).toEqual([null, false]);
      }),
    );
  });

  it.each(["", " ", "hello", "{}{}", '{"a":1,}', '{"a":', "[1", '{},"callback":"x"', "\ufeff{}", "NaN", "01", "'a'"])(
    "anything else is a fault: %j (CD15)",
    (text) => {
      for (const sizes of [[1], [100]]) {
        const encoder = payloadEncoder("output", "application/json", new Set());
        run(encoder, bytesOf(text), sizes);
        expect(encoder.fault).toMatch(/^The message is not JSON: /);
      }
    },
  );
});
