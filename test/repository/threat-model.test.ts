import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const DOCUMENT = "docs/threat-model.md";

/** Each test that the document names: its file, and a part of a title. */
function named(): { file: string; title: string }[] {
  let file = "";
  return [
    ...readFileSync(DOCUMENT, "utf8").matchAll(/`(test\/\S+\.test\.ts)` "|the same "|(?<=(?:`|same) ")([^"]+)"/g),
  ].flatMap(([, path, title]) => {
    if (path) file = path;
    return title ? [{ file, title }] : [];
  });
}

describe("the threat model", () => {
  it("names tests that are there", () => {
    const tests = named();
    expect(tests.length).toBeGreaterThan(40);
    const missing = tests.filter(({ file, title }) => !existsSync(file) || !readFileSync(file, "utf8").includes(title));
    expect(missing).toEqual([]);
  });
});
