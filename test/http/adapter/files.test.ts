import { describe, expect, inject, it } from "vitest";
import {
  adapterFlow,
  type FileObject,
  filesOf,
  OUTPUT,
  rawPayload,
  send,
  sign,
  startPartner,
} from "../../support/adapter.ts";
import { eventually } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const MB = 1024 * 1024;
const bytesOf = (text: string, encoding: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));

/** The request that an input adapter gets for a message, its signature checked. */
async function requestFor(message: Uint8Array<ArrayBuffer>, type: string | null, more: object = {}) {
  await using partner = await startPartner();
  const id = await send(await adapterFlow(workspace, partner.url, more), message, type);
  const request = await eventually(() => partner.received[0]);
  await workspace.settled(id, ["waiting"]);
  return request;
}

const filesFor = async (message: Uint8Array<ArrayBuffer>, type: string | null) =>
  filesOf(await requestFor(message, type));
const file = (file_name: string, mime_type: string, body: string, content_transfer_encoding = "utf8"): FileObject => ({
  file_name,
  mime_type,
  body,
  content_transfer_encoding,
});
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

describe("a message as a file", () => {
  const TEXT = '<svar>å 船 🚢 \u2028 \u0000 "\\</svar>';
  it.each([
    ["application/json", "message.json"],
    ["application/json; charset=utf-8", "message.json"],
    ["application/vnd.acme+json", "message.json"],
    ["application/xml", "message.xml"],
    ["text/xml;charset=UTF-8", "message.xml"],
    ["application/soap+xml", "message.xml"],
    ["text/plain", "message.txt"],
    ["text/csv", "message.csv"],
    ["text/html; charset=us-ascii", "message.html"],
  ])("JSON, XML and text stand as utf8: %s (C9 CD13)", async (type, name) => {
    expect(await filesFor(bytesOf(TEXT), type)).toEqual([file(name, type, TEXT)]);
  });

  it.each([
    ["application/pdf", "message.pdf"],
    ["application/octet-stream", "message.bin"],
    ["application/edifact", "message.edi"],
    ["image/png", "message.png"],
    ["application/x-www-form-urlencoded", "message.bin"],
    ["multipart/mixed; boundary=x", "message.bin"],
    ["anything", "message.bin"],
  ])("everything else stands as base64: %s (C9 CD13)", async (type, name) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(await filesFor(bytes, type)).toEqual([file(name, type, base64(bytes), "base64")]);
  });

  it("text in another charset, and text that is not UTF-8 whatever it says, stand as base64 (CD13)", async () => {
    const latin = bytesOf("Größe", "latin1");
    for (const type of ["text/plain; charset=iso-8859-1", "text/plain", "text/plain; charset=utf-8"])
      expect(await filesFor(latin, type)).toEqual([file("message.txt", type, base64(latin), "base64")]);
    const sixteen = bytesOf('{"a":1}', "utf16le");
    const type = "application/json; charset=utf-16";
    expect(await filesFor(sixteen, type)).toEqual([file("message.json", type, base64(sixteen), "base64")]);
  });

  it("without a content type it is unknown bytes (CD13)", async () => {
    const files = await filesFor(bytesOf("hello"), null);
    expect(files).toEqual([file("message.bin", "application/octet-stream", "aGVsbG8=", "base64")]);
  });

  it("an empty message is an empty file, and a byte order mark stays (CD13)", async () => {
    expect(await filesFor(new Uint8Array(), "text/csv")).toEqual([file("message.csv", "text/csv", "")]);
    expect(await filesFor(bytesOf("\ufeffa;b"), "text/csv")).toEqual([file("message.csv", "text/csv", "\ufeffa;b")]);
  });
});

describe("a multipart/form-data message", () => {
  const BOUNDARY = "----boundary-7MA4";
  const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
  const part = (headers: string[], body: string) => `--${BOUNDARY}\r\n${headers.join("\r\n")}\r\n\r\n${body}\r\n`;
  const disposition = (more: string) => `Content-Disposition: form-data; name="f"${more}`;
  const message = (...parts: string[]) => bytesOf(`${parts.join("")}--${BOUNDARY}--\r\n`);

  it("is several files, each with its name, type and encoding; fields are files as well (C8 C9 CD13)", async () => {
    const form = new FormData();
    const bytes = new Uint8Array([0, 255, 13, 10, 45, 45]);
    form.append("shipment", new Blob(['{"a":1}'], { type: "application/json" }), "shipment.json");
    form.append("scan", new Blob([bytes], { type: "application/pdf" }), "scan.pdf");
    form.append("note", "Größe");
    form.append("raw", new Blob(["x"]), "raw");
    const { headers, body } = new Response(form) as unknown as { headers: Headers; body: ReadableStream };
    const whole = new Uint8Array(await new Response(body).arrayBuffer());
    expect(await filesFor(whole, headers.get("content-type"))).toEqual([
      file("shipment.json", "application/json", '{"a":1}'),
      file("scan.pdf", "application/pdf", base64(bytes), "base64"),
      file("message.txt", "text/plain", "Größe"),
      file("raw", "application/octet-stream", "eA==", "base64"),
    ]);
  });

  it.each([
    ["日本語 🚢.csv", 'filename="日本語 🚢.csv"'],
    ["größe.csv", "filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"],
    ['a"b.txt', 'filename="a%22b.txt"'],
    ['a"b.txt', 'filename="a\\"b.txt"'],
    ["C:\\dir\\x.txt", 'filename="C:\\dir\\x.txt"'],
    ["../../etc/passwd", 'filename="../../etc/passwd"'],
    ["a; b=c.txt", 'filename="a; b=c.txt"'],
    ["plain.txt", "filename=plain.txt"],
    ["message.txt", 'filename=""'],
  ])("file_name is the part's: %s (CD13)", async (name, parameter) => {
    const files = await filesFor(message(part([disposition(`; ${parameter}`)], "x")), TYPE);
    expect(files).toEqual([file(name, "text/plain", "x")]);
  });

  it("only a whole line that is the boundary divides, not what looks like it (CD13)", async () => {
    const bodies = [
      `x--${BOUNDARY}\r\n\n--${BOUNDARY}--`,
      `--${BOUNDARY.slice(0, -1)}\r\n\r\n--${BOUNDARY.slice(0, -1)}X--\r\r\n-\r\n-`,
      "--inner\r\nContent-Type: text/plain\r\n\r\nnested\r\n--inner--",
      "",
      "\r\n",
    ];
    const files = await filesFor(message(...bodies.map((body) => part([disposition("")], body))), TYPE);
    expect(files.map(({ body }) => body)).toEqual(bodies);
  });

  it("preamble, epilogue, padding, odd header cases and a quoted boundary are as RFC 2046 has them (CD13)", async () => {
    const text = `preamble\r\n--a b \t\r\nCONTENT-TYPE:text/csv;\r\n header=present\r\n\r\nx\r\n--a b--\r\nepilogue`;
    const files = await filesFor(bytesOf(text), 'Multipart/Form-Data; charset=utf-8; Boundary="a b"');
    expect(files).toEqual([file("message.csv", "text/csv; header=present", "x")]);
  });

  it("text parts that are not UTF-8 stand as base64, and the others as they are (CD13)", async () => {
    const type = "Content-Type: text/plain";
    const raw = [part([disposition(""), type], "é"), part([disposition(""), type], "plain"), part([type], "ÿ")];
    const files = await filesFor(bytesOf(`${raw.join("")}--${BOUNDARY}--`, "latin1"), TYPE);
    expect(files.map(({ body, content_transfer_encoding: encoding }) => [body, encoding])).toEqual([
      ["6Q==", "base64"],
      ["plain", "utf8"],
      ["/w==", "base64"],
    ]);
  });

  it("without parts it is no files (C8)", async () => {
    expect(await filesFor(message(), TYPE)).toEqual([]);
  });

  it.each([
    ["no boundary in the type", "multipart/form-data", message(part([disposition("")], "x"))],
    ["another boundary", "multipart/form-data; boundary=other", message(part([disposition("")], "x"))],
    ["broken off in a part", TYPE, bytesOf(part([disposition("")], "x"))],
    ["broken off in the headers", TYPE, bytesOf(`--${BOUNDARY}\r\nContent-Type: text/plain\r\n`)],
    ["a header without a colon", TYPE, message(part(["nonsense"], "x"))],
    ["more than a thousand parts", TYPE, message(part([disposition("")], "x").repeat(1001))],
    ["headers of 17 KiB", TYPE, message(part([`X: ${"y".repeat(17 * 1024)}`], "x"))],
    ["nothing at all", TYPE, new Uint8Array()],
  ])("that is malformed fails as error, with no request made: %s (CD13 CD15)", async (_, type, bytes) => {
    await using partner = await startPartner();
    const id = await send(await adapterFlow(workspace, partner.url), bytes, type);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "failed", failure: "error" });
    expect(execution.log.at(-1)).toMatchObject({ level: "error", message: expect.stringContaining("multipart") });
    expect(partner.received).toEqual([]);
  });

  it("of 6 MB arrives as its parts, each to the byte (C8 CD10)", async () => {
    const binary = Buffer.alloc(3 * MB, `\r\n--${BOUNDARY.slice(0, -1)}`);
    const text = `å--${BOUNDARY}\r`.repeat(100_000);
    const head = part([disposition('; filename="a.bin"'), "Content-Type: image/png"], "\n").slice(0, -3);
    const rest = part([disposition('; filename="b.txt"')], text);
    const whole = Buffer.concat([Buffer.from(head), binary, Buffer.from("\r\n"), message(rest)]);
    const [first, second, ...others] = await filesFor(new Uint8Array(whole), TYPE);
    expect(Buffer.from(first?.body ?? "", "base64").equals(binary)).toBe(true);
    expect(second?.body === text).toBe(true);
    expect(others).toEqual([]);
  });
});

describe("a large message", () => {
  const json = (size: number) => `{"n":1.50,"text":"${"å\\n".repeat(Math.ceil(size / 4))}"}`;

  it.each([65_537, 6 * MB])(
    "of %d bytes goes out whole and signed, for both types (C8 C10 C13 CD1 CD10)",
    async (size) => {
      const text = json(size);
      const input = await requestFor(bytesOf(text), "application/json");
      expect(filesOf(input)[0]?.body === text).toBe(true);
      const output = await requestFor(bytesOf(text), "application/json", OUTPUT);
      expect(rawPayload(output) === text).toBe(true);
      for (const { headers, body } of [input, output]) {
        expect(headers["x-chainio-signature"]).toBe(sign(body));
        expect(headers["content-length"]).toBe(String(body.length));
      }
    },
  );

  it("of 6 MB that turns out not to be UTF-8 at its last byte stands as base64 (CD13 CD10)", async () => {
    const bytes = new Uint8Array(6 * MB).fill(0x61);
    bytes[bytes.length - 1] = 0xe5;
    const [only] = await filesFor(bytes, "text/plain");
    expect(only?.content_transfer_encoding).toBe("base64");
    expect(only?.body === base64(bytes)).toBe(true);
  });
});
