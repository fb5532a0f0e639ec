/** The size of the scripts of the console's first load. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CONSOLE_FOLDER } from "./console-build.ts";

/** One chunk in Vite's manifest. */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

/** The entry with its static imports, without dynamic ones. */
export function consoleSize(): { files: string[]; gzipBytes: number } {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(CONSOLE_FOLDER, "manifest.json"), "utf8"));
  const reached = new Set<string>();
  const reach = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || reached.has(name)) return;
    reached.add(name);
    for (const imported of chunk.imports ?? []) reach(imported);
  };
  for (const [name, { isEntry }] of Object.entries(manifest)) if (isEntry) reach(name);
  const files = [...reached].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith(".js"));
  const sizes = files.map((file) => gzipSync(readFileSync(join(CONSOLE_FOLDER, file))).length);
  return { files, gzipBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
