/** The README of an example, played as it stands: each block of commands in one shell, then what should be seen. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { eventually } from "../target.ts";

interface Block {
  readonly commands: string;
  /** Lines that are to be seen, in any order; `...` stands for anything. */
  readonly expected: readonly string[];
}

/** Blocks of `sh`, each with the block of `text` that follows it. */
export function readBlocks(file: string): Block[] {
  const fences = [...readFileSync(file, "utf8").matchAll(/^( *)```(\w*)\n(.*?)\n\1```$/gms)].map(
    ([, indent = "", language, text = ""]) => ({ language, text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "") }),
  );
  return fences.flatMap(({ language, text }, index) => {
    if (language !== "sh") return [];
    const next = fences[index + 1];
    return [{ commands: text, expected: next?.language === "text" ? next.text.split("\n") : [] }];
  });
}

/** A shell that keeps its variables and background processes from block to block. */
export class Shell implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = "";
  #blocks = 0;

  constructor(env: Record<string, string>, cwd: string, prelude: string) {
    this.#child = spawn("bash", ["-s"], { env, cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    this.#child.stdin?.write(`${prelude}\n`);
  }

  /** Runs the commands and waits for what should be seen; answers all that is seen. */
  async run({ commands, expected }: Block): Promise<string> {
    const start = this.#output.length;
    const end = `-- end of block ${++this.#blocks} --`;
    this.#child.stdin?.write(`${commands}\nprintf '\\n%s\\n' '${end}'\n`);
    const seen = () => this.#output.slice(start);
    const missing = () => missingLines(expected, seen());
    await eventually(() => seen().includes(end) && missing().length === 0, 20_000).catch(() => {
      throw new Error(`Not seen: ${missing().join(" | ") || "the end"}\nafter\n${commands}\nbut\n${seen()}`);
    });
    return seen().replace(end, "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null) process.kill(-this.#child.pid, "SIGKILL");
  }
}

function missingLines(expected: readonly string[], seen: string): string[] {
  const lines = seen.split("\n");
  return expected.filter((wanted) => {
    const pattern = wanted.split("...").map((part) => part.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const fits = new RegExp(`^\\s*${pattern.join(".*")}\\s*$`);
    const index = lines.findIndex((line) => fits.test(line));
    if (index >= 0) lines.splice(index, 1);
    return index < 0;
  });
}
