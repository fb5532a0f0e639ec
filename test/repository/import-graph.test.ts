import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** Most files of one folder: a reader still sees at a glance what belongs there. */
const MOST_FILES = 15;

const files = globSync("{src,scripts,tools}/**/*.{ts,tsx,css}").map((file) => file.replaceAll("\\", "/"));

/** The files that each file imports, types included. */
const imports = new Map(
  files.map((file) => {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
    const specifiers = [...code.matchAll(/\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map(([, from = ""]) => from);
    return [file, specifiers.map((from) => normalize(join(dirname(file), from)))];
  }),
);

/** A path along imports from a file back to itself; null without one. */
function circleFrom(start: string): string[] | null {
  const seen = new Set<string>();
  const follow = (file: string, path: readonly string[]): string[] | null => {
    for (const next of imports.get(file) ?? []) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = follow(next, [...path, next]);
      if (found) return found;
    }
    return null;
  };
  return follow(start, [start]);
}

describe("the import graph", () => {
  it("has no circles", () => {
    expect(files.length).toBeGreaterThan(500);
    expect([...imports.values()].flat().length).toBeGreaterThan(1_000);
    expect(files.flatMap((file) => circleFrom(file)?.join(" -> ") ?? [])).toEqual([]);
  });

  it(`has no folder with more than ${MOST_FILES} files beside each other`, () => {
    const folders = Object.entries(Object.groupBy(files, dirname));
    expect(folders.filter(([, members = []]) => members.length > MOST_FILES).map(([folder]) => folder)).toEqual([]);
  });
});
