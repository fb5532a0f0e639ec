#!/usr/bin/env node
/** `npx hookback`: see `--help`. */
import { readFileSync } from "node:fs";
import { run } from "./run.ts";

// Whoever reads may have seen enough, as in `hookback executions list | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const { env, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { env, stdout, stderr, version });
