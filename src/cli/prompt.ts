/** Questions to whoever sits at the terminal. They go to stderr, so that stdout is the result and nothing else. */
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { EXIT, Failure, refused } from "./failure.ts";

/** Whether somebody is there to be asked. */
export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

export const ask = (question: string): Promise<string> =>
  answerTo(process.stderr, (prompt, take) => prompt.question(question, take));

/** What is typed is not shown. */
export function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return answerTo(nowhere, (prompt, take) => {
    process.stderr.write(question);
    prompt.question("", take);
  }).finally(() => process.stderr.write("\n"));
}

/** Goes on when somebody says yes, and where nobody can be asked: a script has said what it wants. */
export async function confirm(question: string): Promise<void> {
  if (!canAsk()) return;
  const answer = await ask(`${question} Go on? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer)) throw refused("Nothing was changed.", { code: "declined" });
}

/** Asks once the terminal leaves keys to `prompt`: before, it shows what is typed and Ctrl-D never gets here. */
function answerTo(
  output: NodeJS.WritableStream,
  put: (prompt: Interface, take: (answer: string) => void) => void,
): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    prompt.once("SIGINT", () => prompt.close());
    prompt.once("close", () => {
      if (isAnswered) return;
      // Also after Ctrl-D. What follows begins a line of its own.
      output.write("\n");
      reject(new Failure(EXIT.interrupted, "Interrupted; nothing was done.", { code: "interrupted" }));
    });
    put(prompt, (answer) => {
      isAnswered = true;
      resolve(answer.trim());
      // At once: what was pasted behind the line is neither shown nor taken for the next answer.
      prompt.close();
    });
  });
}
