/** The client, the helpers for partners and the command line as plain JavaScript in `dist`, as they are published. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const DIST = "dist";
const PARTS = ["client", "cli", "core"];

/** Replaces each file atomically, and leaves unchanged files alone, so that running programs can read them meanwhile. */
export function buildClient(): void {
  mkdirSync(DIST, { recursive: true });
  const made = mkdtempSync(join(DIST, ".client-"));
  try {
    execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.client.json", "--outDir", made], { stdio: "inherit" });
    for (const part of PARTS) replace(join(DIST, part), join(made, part));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function replace(folder: string, made: string): void {
  const files = filesOf(made);
  for (const file of filesOf(folder)) if (!files.includes(file)) rmSync(join(folder, file));
  for (const file of files) {
    const [from, to] = [join(made, file), join(folder, file)];
    if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}
