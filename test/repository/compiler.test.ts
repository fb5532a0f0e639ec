import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A copy of the sources with a change, and the files in which that change must not compile. */
interface Case {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly errorsIn: readonly string[];
}

const CASES: readonly Case[] = [
  {
    what: "a type of authentication",
    file: "src/core/schema/trigger-auth.ts",
    find: 'z.literal("none")',
    replace: 'z.enum(["none", "mtls"])',
    errorsIn: ["src/services/intake/trigger-auth.ts"],
  },
  {
    what: "a type of step",
    file: "src/core/schema/flow.ts",
    find: 'z.discriminatedUnion("type", [httpStep, adapterStep, transformStep])',
    replace:
      'z.discriminatedUnion("type", [httpStep, adapterStep, transformStep, z.strictObject({ name: objectName, type: z.literal("queue") })])',
    errorsIn: [
      "src/core/execution/step-types.ts",
      "src/services/configuration/flows.ts",
      "src/shard/run/step-runner.ts",
    ],
  },
  {
    what: "a kind of attempt",
    file: "src/shard/run/steps/attempt.ts",
    find: "type Outcome =",
    replace: 'type Outcome =\n  | { readonly kind: "deferred"; readonly note: string }',
    errorsIn: [
      "src/shard/observe/attempts.ts",
      "src/shard/results/attempt-result.ts",
      "src/shard/run/steps/attempt.ts",
    ],
  },
  {
    what: "a signature scheme",
    file: "src/core/schema/trigger-auth.ts",
    find: '"standard-webhooks", "github"',
    replace: '"standard-webhooks", "unheard-of", "github"',
    errorsIn: ["src/core/security/delivery-id.ts", "src/core/security/signature.ts"],
  },
  {
    what: "a handshake",
    file: "src/core/schema/trigger-auth.ts",
    find: '"slack", "microsoft-graph"',
    replace: '"slack", "unheard-of", "microsoft-graph"',
    errorsIn: ["src/core/security/handshake.ts"],
  },
  {
    what: "a callback activity",
    file: "src/core/schema/callback.ts",
    find: 'z.literal("record")',
    replace: 'z.enum(["record", "queue"])',
    errorsIn: ["src/services/callbacks.ts", "src/shard/callbacks/calls.ts"],
  },
  {
    what: "a change that is no part of a write",
    file: "src/storage/sql/lanes.ts",
    find: '.read<Row>("SELECT lane, blocked_by, blocked_at, paused FROM lanes")',
    replace: '.read<Row>("DELETE FROM lanes RETURNING lane, blocked_by, blocked_at, paused")',
    errorsIn: ["src/storage/sql/lanes.ts"],
  },
];

const TSC = resolve("node_modules/typescript/bin/tsc");
const folder = mkdtempSync(join(tmpdir(), "compiled-"));

beforeAll(() => {
  for (const name of ["src", "package.json", "tsconfig.json"]) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const settings = { extends: "./tsconfig.json", include: ["src/index.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.copy.json"), JSON.stringify(settings));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files with errors in them. */
const compile = () =>
  new Promise<string[]>((done) => {
    const compiler = [TSC, "-p", "tsconfig.copy.json", "--pretty", "false"];
    execFile(process.execPath, compiler, { cwd: folder }, (_, output) => {
      done([...new Set(output.match(/^src\/[^(\n]+(?=\()/gm))].toSorted());
    });
  });

describe("what is added to a closed set does not compile until each place handles it", () => {
  it("the sources as they are compile", async () => {
    expect(await compile()).toEqual([]);
  }, 60_000);

  it.each(CASES)(
    "$what",
    async ({ file, find, replace, errorsIn }) => {
      const path = join(folder, file);
      const source = readFileSync(path, "utf8");
      const normalised = source.replace(/\s+/g, " ");
      const at = source.includes(find) ? source : normalised;
      expect(at.split(find)).toHaveLength(2);
      try {
        writeFileSync(path, at.replace(find, replace));
        expect(await compile()).toEqual(expect.arrayContaining([...errorsIn]));
      } finally {
        writeFileSync(path, source);
      }
    },
    60_000,
  );
});
