/** Reads wrangler's machine-readable output: lines of JSON in the file that WRANGLER_OUTPUT_FILE_PATH names. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../../tools/lib/temporary-folder.ts";

interface Deployment {
  /** URLs, routes and custom domains, as wrangler prints them. */
  readonly targets: readonly string[];
  readonly rawBytes: number | undefined;
  readonly gzipBytes: number | undefined;
}

/** @param run gets the variables and a temporary folder, and resolves to its result. */
export async function withOutput<T>(
  run: (variables: NodeJS.ProcessEnv, folder: string) => Promise<T>,
): Promise<{ result: T; deployment: Deployment | null }> {
  using folder = makeTemporaryFolder("deploy");
  const file = join(folder.path, "output.ndjson");
  const result = await run({ WRANGLER_OUTPUT_FILE_PATH: file }, folder.path);
  return { result, deployment: read(file) };
}

interface Entry {
  readonly type: string;
  readonly targets?: readonly string[];
  readonly bundle_size?: { readonly raw_bytes: number; readonly gzip_bytes: number };
}

function read(file: string): Deployment | null {
  const entry = lines(file).findLast(({ type }) => type === "deploy");
  if (!entry) return null;
  const { targets = [], bundle_size: size } = entry;
  return { targets, rawBytes: size?.raw_bytes, gzipBytes: size?.gzip_bytes };
}

function lines(file: string): Entry[] {
  try {
    const text = readFileSync(file, "utf8").trim();
    return text.split("\n").map((line) => JSON.parse(line) as Entry);
  } catch {
    return [];
  }
}
