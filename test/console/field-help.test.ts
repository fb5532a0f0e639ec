import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FIELD_HELP } from "../../scripts/lib/build/field-help.ts";

const sources = globSync("src/console/pages/**/*.tsx").map((file) => readFileSync(file, "utf8"));
const used = sources.flatMap((code) => [...code.matchAll(/<FieldHelp of="(\w+)" path="([^"]+)" \/>/g)]);
const descriptions = Object.values(FIELD_HELP).flatMap((texts) => Object.values(texts));

describe("help of form fields", () => {
  it("is the description of the field in the schema", () => {
    expect(used.length).toBeGreaterThan(20);
    const missing = used.filter(([, kind = "", path = ""]) => !FIELD_HELP[kind]?.[path]).map(([found]) => found);
    expect(missing).toEqual([]);
  });

  it("repeats no description as a text of its own", () => {
    const own = sources.flatMap((code) => [...code.matchAll(/help="([^"]+)"/g)].map(([, text = ""]) => text));
    expect(own.length).toBeGreaterThan(10);
    const plain = new Set(descriptions.map((text) => text.replaceAll("`", "")));
    expect(own.filter((text) => plain.has(text))).toEqual([]);
  });
});
