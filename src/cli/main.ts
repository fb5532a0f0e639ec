#!/usr/bin/env node
/** `npx hookback`: see `--help`. */
import { readFileSync } from "node:fs";
import { run } from "./run.ts";

// The reader of a pipe may close it early, as in `hookback executions list | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
await run(process.argv.slice(2), (JSON.parse(manifest) as { version: string }).version);
