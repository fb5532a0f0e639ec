import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, inlineBody, isJson, isStored, templateValue } from "../../../src/core/message/body.ts";

const text = (type: string | null, bytes: number[]) => decodeText(inlineBody(type, Uint8Array.from(bytes)));
const value = (type: string | null, source: string) => templateValue(inlineBody(type, Buffer.from(source)));

describe("whether a content type announces JSON", () => {
  const yes = [
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=utf-8",
    "application/json ; x=y",
    " application/json ",
    "APPLICATION/JSON",
    "application/problem+json",
    "application/vnd.api+json",
    "application/ld+json; profile=x",
    "application/cloudevents+JSON",
    "application/vnd.acme-order.v2+json",
    "application/vnd.acme+v2+json",
    "model/gltf+json",
  ];
  const no = [
    null,
    "",
    "text/plain",
    "application/xml",
    "application/jsonp",
    "application/json5",
    "application/x-json-stream",
    "application/json-seq",
    "application/vnd.json",
    "application/+json",
    "application/xml; note=application/json",
    "text/plain; charset=application/json",
    "json",
    "+json",
    "multipart/form-data; boundary=json",
  ];
  for (const type of yes) it(`${type} does (ND11)`, () => expect(isJson(type)).toBe(true));
  for (const type of no) it(`${type} does not (ND11)`, () => expect(isJson(type)).toBe(false));
});

describe("a body as text", () => {
  it("is decoded by the declared charset (GD11)", () => {
    expect(text("text/plain; charset=iso-8859-1", [0x63, 0xe9])).toBe("cé");
    expect(text('text/xml;charset="windows-1252"', [0x80])).toBe("€");
    expect(text("text/plain; CHARSET = ISO-8859-15", [0xa4])).toBe("€");
    expect(text("text/plain; a=b; charset=utf-16le", [0x41, 0x00])).toBe("A");
    expect(text("text/plain; charset=shift_jis", [0x82, 0xa0])).toBe("あ");
  });

  it("is UTF-8 when no charset is declared, or none that is known (GD11)", () => {
    for (const type of [
      null,
      "",
      "text/plain",
      "text/plain; charset=",
      "text/plain; charset=klingon",
      "x; xcharset=a",
    ]) {
      expect(text(type, [0x63, 0xc3, 0xa9])).toBe("cé");
    }
  });

  it("never fails: malformed bytes become U+FFFD", () => {
    expect(text(null, [0x61, 0xff, 0x62])).toBe("a\ufffdb");
    fc.assert(
      fc.property(fc.option(fc.string()), fc.uint8Array(), (type, bytes) => {
        expect(typeof decodeText(inlineBody(type, bytes))).toBe("string");
      }),
    );
  });
});

describe("a body as templates see it", () => {
  it("is parsed when the content type is JSON, else text (ND11)", () => {
    expect(value("application/json", '{"a":[1,null]}')).toEqual({ a: [1, null] });
    expect(value("application/problem+json; charset=utf-8", "[]")).toEqual([]);
    expect(value("text/plain", '{"a":1}')).toBe('{"a":1}');
    expect(value(null, "1")).toBe("1");
    expect(value("text/plain", "")).toBe("");
  });

  it("is text when it is announced as JSON and is none (ND11)", () => {
    expect(value("application/json", "{broken")).toBe("{broken");
    expect(value("application/json", "")).toBe("");
  });
});

describe("a body in its row", () => {
  it("has its size in bytes, and is told apart from one in R2", () => {
    const body = inlineBody("text/plain", Buffer.from("é"));
    expect(body).toMatchObject({ type: "text/plain", size: 2 });
    expect(isStored(body)).toBe(false);
    expect(isStored({ type: null, size: 1, key: "body/a/b", sha256: "00" })).toBe(true);
  });
});
