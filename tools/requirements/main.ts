/**
 * Prints which tests show which requirement: the codes at the end of test titles, against those of `docs/requirements.md`.
 *
 * `--check` prints only what is wrong. Both fail when a title has a code that the document does not have, and when no
 * test names a code of the four documents that the gateway unites.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** ND17 and later go beyond the four documents, as all other letters do. */
const MUST_BE_SHOWN = /^(?:[LGC]D?\d+|N\d+|ND(?:\d|1[0-6]))$/;

/** Codes have parentheses around them: `the alarm ends a wait (LD10 LD14)`. */
const CODES = /\(((?:[LGCNATWSOP]D?[1-9]\d*\b[ ,]*)+)\)$/;

const document = readFileSync("docs/requirements.md", "utf8");
const known = [...document.matchAll(/^- <a id="(\w+)"><\/a>/gm)].map(([, code = ""]) => code);

interface Test {
  readonly file: string;
  readonly title: string;
  readonly codes: readonly string[];
}

/** The tests as vitest lists them without running them. Codes of a `describe` are those of each test in it. */
const tests = (JSON.parse(vitestList()) as { name: string; file: string }[]).map(({ name, file }): Test => {
  const codes = name.split(" > ").flatMap((title) => CODES.exec(title)?.[1]?.match(/\w+/g) ?? []);
  return { file: relative(".", file).replaceAll("\\", "/"), title: name, codes };
});

const shown = Map.groupBy(
  tests.flatMap((test) => [...new Set(test.codes)].map((code) => ({ code, test }))),
  ({ code }) => code,
);
const wrong = [
  ...tests
    .filter(({ title }) => /(?:^| > )[LGCNATWSOP]D?[1-9]\d*\b[: ]/.test(title))
    .map(({ file, title }) => `${file}: codes belong at the end of a title (${title})`),
  ...tests.flatMap(({ file, title, codes }) =>
    codes.filter((code) => !known.includes(code)).map((code) => `${file}: there is no ${code} (${title})`),
  ),
  ...known.filter((code) => MUST_BE_SHOWN.test(code) && !shown.has(code)).map((code) => `no test names ${code}`),
];

if (!process.argv.includes("--check")) {
  for (const code of known) {
    console.log(code);
    for (const { test } of shown.get(code) ?? []) console.log(`  ${test.file}: ${test.title}`);
  }
}
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exitCode = 1;
}

function vitestList(): string {
  const vitest = ["node_modules/vitest/vitest.mjs", "list", "--json"];
  return execFileSync(process.execPath, vitest, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}
