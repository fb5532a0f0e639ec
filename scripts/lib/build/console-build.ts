/** The console's build: runs when its sources are newer, and replaces the old build as a whole. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export const CONSOLE_FOLDER = join("dist", "console");
/** The sources of the build. */
const SOURCES = [
  "src/console",
  "src/client",
  "src/core",
  "scripts/lib/build/field-help.ts",
  "vite.config.ts",
  "package-lock.json",
];

/** Builds the console unless what is built is newer than its sources. */
export function ensureConsole(): void {
  if (isStale()) buildConsole();
}

/** Builds into another folder and swaps the two, so that running programs never see a partial build. */
export function buildConsole(): void {
  const made = `${CONSOLE_FOLDER}-${process.pid}`;
  const old = `${made}-old`;
  const vite = join("node_modules", "vite", "bin", "vite.js");
  try {
    execFileSync(process.execPath, [vite, "build", "--logLevel", "warn", "--outDir", join("..", "..", made)], {
      stdio: ["ignore", "ignore", "inherit"],
      // Vite takes over the test runner's mode otherwise, and builds React for development.
      env: { ...process.env, NODE_ENV: "production" },
    });
    if (existsSync(CONSOLE_FOLDER)) renameSync(CONSOLE_FOLDER, old);
    renameSync(made, CONSOLE_FOLDER);
  } finally {
    for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Creates the folder if it is missing, because `wrangler.toml` refers to it. */
export function ensureConsoleFolder(): void {
  mkdirSync(CONSOLE_FOLDER, { recursive: true });
}

function isStale(): boolean {
  const index = join(CONSOLE_FOLDER, "index.html");
  if (!existsSync(index)) return true;
  const builtAt = statSync(index).mtimeMs;
  return SOURCES.some((source) => changedAt(source) > builtAt);
}

/** Newest change of a file, or of anything in a folder. */
function changedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, changedAt(join(path, name))), stats.mtimeMs);
}
