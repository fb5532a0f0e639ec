import { describe, expect, it } from "vitest";
import { readBody } from "../../src/console/ui/body/body-kind.ts";
import { formatXml } from "../../src/console/ui/body/format-xml.ts";
import { hexDump } from "../../src/console/ui/body/hex.ts";
import { loadBody, SHOWN_BYTES } from "../../src/console/ui/body/load-body.ts";
import { ExactNumber, parseJson } from "../../src/console/ui/body/parse-json.ts";

const shown = (content: string | number[], contentType: string | null, isCut = false) => ({
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content),
  contentType,
  isCut,
});

describe("bodies as they are shown", () => {
  it.each([
    ['{"a":1}', "application/json", "json"],
    ['{"a":1}', "application/problem+json; charset=utf-8", "json"],
    ['{"a":1}', null, "json"],
    ["<a/>", "application/xml", "xml"],
    ["<a/>", "image/svg+xml", "xml"],
    ['<?xml version="1.0"?><a/>', "text/plain", "xml"],
    ["a=1&b=2", "application/x-www-form-urlencoded", "form"],
    ["<h1>Hi</h1>", "text/html", "text"],
    ["a;b", "text/csv", "text"],
    [[0xff, 0xfe, 0x00], "text/plain", "binary"],
    [[0x25, 0x50, 0x44, 0x46, 0x00], "application/pdf", "binary"],
  ] as const)("%j of type %s is %s", (content, type, kind) => {
    expect(readBody(shown(typeof content === "string" ? content : [...content], type)).kind).toBe(kind);
  });

  it("text is read in its charset, and a cut through a character does no harm", () => {
    expect(readBody(shown([0x6d, 0xe5], "text/plain; charset=iso-8859-1"))).toEqual({ kind: "text", text: "må" });
    const cut = new TextEncoder().encode("må").slice(0, 2);
    expect(readBody({ bytes: cut, contentType: "text/plain", isCut: true })).toEqual({ kind: "text", text: "m" });
  });

  it("numbers keep the digits that a double would lose", () => {
    expect(parseJson('{"id":12345678901234567890,"n":1.5,"e":1e2}')).toEqual({
      value: { id: new ExactNumber("12345678901234567890"), n: 1.5, e: new ExactNumber("1e2") },
    });
    expect(parseJson('{"a":')).toBeNull();
  });

  it("XML gets a line for each element and keeps its text", () => {
    const text = `<?xml version="1.0"?><a><b x="1">t &amp; u</b><c/><!-- <d> --><e><![CDATA[<f>]]></e><g><h>1</h></g></a>`;
    expect(formatXml(text)).toBe(
      [
        `<?xml version="1.0"?>`,
        "<a>",
        `  <b x="1">t &amp; u</b>`,
        "  <c/>",
        "  <!-- <d> -->",
        "  <e><![CDATA[<f>]]></e>",
        "  <g>",
        "    <h>1</h>",
        "  </g>",
        "</a>",
      ].join("\n"),
    );
    expect(formatXml("</a></b>text<unclosed")).toContain("text");
  });

  it("bytes are shown as hex and ASCII", () => {
    expect(hexDump(Uint8Array.from([0, 65, 255]))).toBe(`000000  ${"00 41 ff".padEnd(48)} .A.`);
  });

  it("of a large body only the beginning is read", async () => {
    let isCancelled = false;
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
      cancel: () => {
        isCancelled = true;
      },
    });
    const { bytes, isCut } = await loadBody(new Response(stream));
    expect([bytes.length, isCut, isCancelled]).toEqual([SHOWN_BYTES, true, true]);
    expect(await loadBody(new Response(new Uint8Array(SHOWN_BYTES)))).toMatchObject({ isCut: false });
  });
});
