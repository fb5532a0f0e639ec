/**
 * Which tests show which requirement: `docs/requirements-coverage.md`, made from the numbers in test titles.
 *
 * `--check` changes nothing and fails when the file is out of date. Both fail when a title has a number that no document has.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";

const OUTPUT = "docs/requirements-coverage.md";
const TESTS = "test/**/*.test.ts";

/** The requirements: `L1` to `L20` and so on. */
const GROUPS = [
  { prefix: "L", last: 20, title: "Async HTTP itinerary step" },
  { prefix: "LD", last: 15, title: "Decisions on L" },
  { prefix: "G", last: 42, title: "Callback" },
  { prefix: "GD", last: 18, title: "Decisions on G" },
  { prefix: "C", last: 29, title: "Signed adapter request" },
  { prefix: "CD", last: 15, title: "Decisions on C" },
  { prefix: "N", last: 22, title: "Webhook trigger" },
  { prefix: "ND", last: 16, title: "Decisions on N" },
] as const;

interface Test {
  readonly file: string;
  readonly title: string;
  /** The requirements that the title names. */
  readonly numbers: readonly string[];
}

const known = GROUPS.map(({ prefix, last, title }) => ({
  title,
  numbers: Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`),
}));
const all = known.flatMap(({ numbers }) => numbers);

const tests = globSync(TESTS)
  .map((file) => file.replaceAll("\\", "/"))
  .toSorted()
  .flatMap(testsOf);
const unknown = tests.flatMap(({ file, title, numbers }) =>
  numbers.filter((number) => !all.includes(number)).map((number) => `${file}: there is no ${number} (${title})`),
);
if (unknown.length > 0) fail(unknown.join("\n"));

const document = render();
if (!process.argv.includes("--check")) writeFileSync(OUTPUT, document);
else if (readOutput() !== document) fail(`${OUTPUT} is out of date: run npm run fix.`);

/**
 * The titles of a file that name a requirement: the first argument of describe, it and test, and of what `.each(...)`
 * makes of them. A title may be a template; its placeholders are shown as they stand.
 */
function testsOf(file: string): Test[] {
  const code = readFileSync(file, "utf8").replace(/^\s*\/\/.*$/gm, "");
  const call = /(?:\b(?:describe|it|test)(?:\.\w+)*|[)`\]])\s*\(\s*(["'`])((?:\\.|(?!\1)[\s\S])*)\1\s*,/g;
  return [...code.matchAll(call)].flatMap(([, , source = ""]) => {
    const title = source.replace(/\\(.)/g, "$1").replace(/\s+/g, " ");
    const numbers = [...new Set(title.match(/\b[LGCN]D?[1-9]\d*\b/g))];
    return numbers.length > 0 ? [{ file, title, numbers }] : [];
  });
}

function render(): string {
  const covered = (numbers: readonly string[]) => numbers.filter((number) => showing(number).length > 0).length;
  const sections = known.map(({ title, numbers }) => {
    const rows = numbers.map((number) => `| ${number} | ${showing(number).map(show).join("<br>") || "—"} |`);
    const range = `${numbers[0]} to ${numbers.at(-1)}`;
    const heading = `## ${range}: ${title} (${covered(numbers)} of ${numbers.length})`;
    return [heading, "", "| number | tests |", "|---|---|", ...rows].join("\n");
  });
  return [
    `# Requirements coverage: ${covered(all)} of ${all.length} requirements are named by ${tests.length} tests`,
    "Made by `npm run fix` from the titles of the tests; do not edit. What the numbers mean stands in the requirements.",
    ...sections,
  ]
    .join("\n\n")
    .concat("\n");
}

function showing(number: string): Test[] {
  return tests.filter(({ numbers }) => numbers.includes(number));
}

function show({ file, title }: Test): string {
  return `\`${file}\`: ${title.replace(/[\\|<>*_[\]`]/g, "\\$&")}`;
}

function readOutput(): string {
  try {
    return readFileSync(OUTPUT, "utf8");
  } catch {
    return "";
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
