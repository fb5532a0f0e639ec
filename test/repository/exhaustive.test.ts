import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

/** A new member of a union, and the files that must not compile until they handle it. */
const MEMBERS = [
  {
    file: "src/core/schema/trigger-auth.ts",
    before: '  z.strictObject({ type: z.literal("none") }),',
    member: '  z.strictObject({ type: z.literal("mutualTls") }),',
    fails: ["src/services/intake/trigger-auth.ts"],
    errors: 3,
  },
  {
    file: "src/core/schema/trigger-auth.ts",
    before: '  z.strictObject({ scheme: z.enum(["slack", "microsoft-graph", "cloudevents"]) }),',
    member: '  z.strictObject({ scheme: z.enum(["adobe"]) }),',
    fails: ["src/core/security/handshake.ts"],
    errors: 1,
  },
  {
    file: "src/core/schema/callback.ts",
    before: '  z.strictObject({ type: z.literal("record") }),',
    member: '  z.strictObject({ type: z.literal("queue") }),',
    fails: ["src/services/callbacks.ts"],
    errors: 1,
  },
];

describe("a new member of a union does not compile until it is handled", () => {
  it.each(MEMBERS)("in $file: $member", { timeout: 60_000 }, async ({ file, before, member, fails, errors }) => {
    const copy = mkdtempSync(join(tmpdir(), "exhaustive-"));
    try {
      for (const name of ["src", "package.json", "tsconfig.json"]) cpSync(name, join(copy, name), { recursive: true });
      symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
      const text = readFileSync(join(copy, file), "utf8");
      expect(text.split(before)).toHaveLength(2);
      writeFileSync(join(copy, file), text.replace(before, `${before}\n${member}`));
      const compiled = promisify(execFile)("node_modules/.bin/tsc", ["-p", "tsconfig.json"], { cwd: copy });
      const { stdout } = await compiled.catch((error: { stdout: string }) => error);
      const found = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error /gm)].map(([, at = ""]) => at);
      const inFails = found.filter((at) => fails.includes(at));
      expect(inFails.length).toBeGreaterThanOrEqual(errors);
      expect(new Set(inFails)).toEqual(new Set(fails));
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
