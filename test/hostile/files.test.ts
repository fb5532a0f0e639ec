import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Home, newHome } from "../support/cli.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
let home: Home;
let before: unknown;

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  await workspace.endpoint("in", []);
  before = await workspace.get("/config");
  home = newHome({ HOOKBACK_URL: gateway.url, HOOKBACK_TOKEN: gateway.token, HOOKBACK_WORKSPACE: workspace.name });
});
afterAll(() => home[Symbol.dispose]());

/** Each anchor holds the one before nine times over. */
const laughs = Array.from(
  { length: 12 },
  (_, i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i ? `*a${i - 1}` : "ha")
      .join()}]`,
);

/** Files that somebody may have been handed, and what of the refusal says why. */
const FILES: readonly (readonly [what: string, text: string | Buffer, why: string])[] = [
  ["aliases that multiply nine to the twelfth", `${laughs.join("\n")}\n`, "its aliases produce too many values"],
  ["an alias within its own anchor", "flows: &a\n  b: *a\n", "an alias is within its own anchor"],
  ["lists 100,000 deep", `flows: ${"[".repeat(100_000)}`, "cannot be read"],
  ["lists 100,000 deep that end", `flows: ${"[".repeat(100_000)}${"]".repeat(100_000)}`, "cannot be read"],
  ["maps 5,000 deep", `flows: ${"{a: ".repeat(5_000)}1${"}".repeat(5_000)}`, ""],
  ["an unknown alias", "flows: *nothing\n", "cannot be read"],
  ["one key twice", "flows: {}\nflows: {}\n", "cannot be read"],
  ["several documents", "flows: {}\n---\nflows: {}\n", "cannot be read"],
  ["a tag of a language", 'flows: !!js/function "function () { process.exit(7) }"\n', ""],
  ["no document", "", "is no configuration"],
  ["bytes that are no text", Buffer.from([0, 1, 2, 0xff, 0xfe, 0xc0]), ""],
  ["a member called __proto__", "__proto__: { flows: {} }\nflows: { __proto__: { steps: [] } }\n", ""],
  [
    "ten thousand steps",
    `flows:\n  in:\n    steps:\n${"      - { name: a, type: transform, template: '' }\n".repeat(10_000)}`,
    "",
  ],
];

describe("hostile files, applied by the command line", () => {
  for (const [what, text, why] of FILES) {
    it(`${what}: refused within seconds with a sentence and exit code 1, and nothing is changed`, async () => {
      const file = join(home.folder, "config.yaml");
      writeFileSync(file, text);
      const started = Date.now();
      const { code, stdout, stderr } = await home.run(["apply", file, "--yes"]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(why);
      expect(stderr).not.toMatch(/^\s+at \S+ \(|node:internal/m);
      expect(stderr.length).toBeLessThan(20_000);
      expect(Date.now() - started).toBeLessThan(15_000);
      expect(await workspace.get("/config")).toEqual(before);
    });
  }
});
