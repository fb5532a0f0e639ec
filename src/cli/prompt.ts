/** Questions to a person at the terminal. They are written to stderr: stdout contains only the result. */
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { EXIT, Failure, refused } from "./failure.ts";

/** The first line of stdin, for values that are not typed. */
export const readFirstLine = async () => ((await text(process.stdin)).split(/\r?\n/, 1)[0] ?? "").trim();

export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

export const ask = (question: string): Promise<string> =>
  answerTo(process.stderr, (prompt, take) => prompt.question(question, take));

/** Does not show the typed answer. */
export function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return answerTo(nowhere, (prompt, take) => {
    process.stderr.write(question);
    prompt.question("", take);
  }).finally(() => process.stderr.write("\n"));
}

/** Throws unless the answer is yes. Without a terminal nothing is asked: the script has decided. */
export async function confirm(question: string): Promise<void> {
  if (!canAsk()) return;
  const answer = await ask(`${question} Go on? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer)) throw refused("Nothing was changed.", { code: "declined" });
}

/** Asks after `prompt` has taken over the keys: before that the terminal shows typed text and handles Ctrl-D itself. */
function answerTo(
  output: NodeJS.WritableStream,
  question: (prompt: Interface, take: (answer: string) => void) => void,
): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    prompt.once("SIGINT", () => prompt.close());
    prompt.once("close", () => {
      if (isAnswered) return;
      // The next output starts on a new line, also after Ctrl-D.
      output.write("\n");
      reject(new Failure(EXIT.interrupted, "Interrupted; nothing was done.", { code: "interrupted" }));
    });
    question(prompt, (answer) => {
      isAnswered = true;
      resolve(answer.trim());
      // Immediately, so that further pasted lines are neither shown nor used as the next answer.
      prompt.close();
    });
  });
}
