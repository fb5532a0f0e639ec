/** The documents against the repository: the paths and the scripts that they name. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const documents = globSync(["*.md", "{docs,examples,src}/**/*.md"]).map((file) => ({
  file,
  text: readFileSync(file, "utf8"),
}));

/** Those texts behind `pattern` in the documents that fail a check, each with its document. */
function wrongOnes(pattern: RegExp, leastFound: number, isRight: (name: string) => boolean): string[] {
  const found = documents.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map(([, name = ""]) => ({ file, name })),
  );
  expect(found.length).toBeGreaterThan(leastFound);
  return found.filter(({ name }) => !isRight(name)).map(({ file, name }) => `${file}: ${name}`);
}

describe("the documents", () => {
  it("name files and folders that exist", () => {
    // Braces and stars are patterns; a path of a package or of another folder has something before it.
    const paths = /(?<![\w./@{}-])((?:src|tools|scripts|test|docs|examples)\/[\w./*{},-]*[\w/*}])/g;
    expect(wrongOnes(paths, 150, (path) => existsSync(path) || globSync(path).length > 0)).toEqual([]);
  });

  it("name npm scripts that exist", () => {
    expect(wrongOnes(/\bnpm run ([\w:-]+)/g, 20, (name) => name in packageJson.scripts)).toEqual([]);
  });
});
