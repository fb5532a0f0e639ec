/** The assets binding off the platform: the console's files from disk, without a Worker of its own in front. */
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { Response } from "miniflare";
import { CONSOLE_FOLDER } from "./build/console-build.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export async function consoleFile({ url }: { readonly url: string }): Promise<Response> {
  const file = join(CONSOLE_FOLDER, normalize(new URL(url).pathname));
  const content = file.startsWith(CONSOLE_FOLDER) ? await readFile(file).catch(() => null) : null;
  if (!content) return new Response(null, { status: 404 });
  return new Response(content, { headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream" } });
}
