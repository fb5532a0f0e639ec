import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodingFor, fileNameFor, messageFile } from "../../../src/core/adapter/file-type.ts";

describe("how a body stands in a file object", () => {
  const TEXT = [
    ...["application/json", "Application/JSON", " application/json ; charset=utf-8", 'application/json;charset="UTF8"'],
    ...["application/problem+json", "text/json", "application/xml", "text/xml; charset=us-ascii", "image/svg+xml"],
    ...[
      "application/soap+xml; action=x",
      "text/plain",
      "text/csv; header=present",
      "text/html; charset=",
      "text/x-anything",
    ],
  ];
  const OTHER = [
    ...[null, "", "json", "text", "application/octet-stream", "application/pdf", "image/png", "application/zip"],
    ...["multipart/form-data; boundary=json", "application/jsonp", "application/json-seq", "application/+json"],
    ...["application/x-www-form-urlencoded", "application/x; note=text/plain", "application/edifact"],
    ...["text/plain; charset=iso-8859-1", "application/json; charset=utf-16", 'text/xml; charset="windows-1252"'],
    ...["application/pdf; charset=utf-8"],
  ];
  for (const type of TEXT) it(`${type} is utf8 (CD13)`, () => expect(encodingFor(type)).toBe("utf8"));
  for (const type of OTHER) it(`${type} is base64 (CD13)`, () => expect(encodingFor(type)).toBe("base64"));
});

describe("the file that a message is", () => {
  const NAMES: [type: string | null, name: string][] = [
    ["application/json", "message.json"],
    ["application/vnd.api+json; charset=utf-8", "message.json"],
    ["TEXT/XML", "message.xml"],
    ["application/atom+xml", "message.xml"],
    ["image/svg+xml", "message.svg"],
    ["application/epub+zip", "message.zip"],
    ["text/plain; charset=utf-8", "message.txt"],
    ["text/x-log", "message.txt"],
    ["text/csv", "message.csv"],
    ["application/pdf", "message.pdf"],
    ["application/octet-stream", "message.bin"],
    ["application/constructor", "message.bin"],
    ["application/x+__proto__", "message.bin"],
    ["../../etc/passwd", "message.bin"],
    ["", "message.bin"],
    [null, "message.bin"],
  ];
  for (const [type, name] of NAMES) it(`${type} is ${name} (CD13)`, () => expect(fileNameFor(type)).toBe(name));

  it("has the message's content type as it was sent, or the one of unknown bytes (CD13)", () => {
    expect(messageFile("application/json; charset=UTF-8")).toEqual({
      fileName: "message.json",
      mimeType: "application/json; charset=UTF-8",
      encoding: "utf8",
    });
    expect(messageFile(null)).toEqual({
      fileName: "message.bin",
      mimeType: "application/octet-stream",
      encoding: "base64",
    });
  });

  it("has a plain name whatever the content type", () => {
    fc.assert(
      fc.property(fc.string(), (type) => {
        expect(fileNameFor(type)).toMatch(/^message\.[a-z]{2,6}$/);
      }),
    );
  });
});
