/** Builds the gateway from a copy of its sources, so that concurrent edits and planted bugs do not mix. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureConsoleFolder } from "../../../scripts/lib/build/console-build.ts";
import { bundleWorker, WORKER_FOLDER } from "../../../scripts/lib/build/worker-build.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";

/** A change of the sources: `find` occurs in `file` exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

interface Built extends Disposable {
  /** Folder of the built Worker. */
  readonly worker: string;
}

const COPIED = ["src", "package.json", "wrangler.toml", "tsconfig.json", "dist/console"];

/** @param sources folder that has them; this one unless it is another version that is to be tried. */
export function buildCopy(patches: readonly Patch[] = [], sources = "."): Built {
  ensureConsoleFolder();
  const { path: folder, remove } = makeTemporaryFolder("build");
  for (const name of COPIED) cpSync(join(sources, name), join(folder, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const patch of patches) apply(folder, patch);
  bundleWorker(folder);
  return { worker: join(folder, WORKER_FOLDER), [Symbol.dispose]: remove };
}

function apply(folder: string, { file, find, replace }: Patch): void {
  const path = join(folder, file);
  const parts = readFileSync(path, "utf8").split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${find}`);
  writeFileSync(path, parts.join(replace));
}
