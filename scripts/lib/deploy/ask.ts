/** Asks for a secret on the terminal, without showing what is typed. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { DeployError } from "./options.ts";

export async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stdout.write(`${question}\n  your own, or Enter for a random one: `);
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    const given = await Promise.race([
      reader.question(""),
      new Promise<never>((_, reject) => {
        reader.on("SIGINT", () => reject(new DeployError("Interrupted.")));
        reader.on("close", () => reject(new DeployError("The terminal was closed.")));
      }),
    ]);
    process.stdout.write(given ? "taken\n" : "made\n");
    return given;
  } finally {
    reader.close();
  }
}
