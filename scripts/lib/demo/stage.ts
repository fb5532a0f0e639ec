/** Sends the demo's documents to triggers, prints what happens, and counts failed expectations. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { styleText } from "node:util";
import type { Client, ExecutionDetail, WorkspaceClient } from "../../../src/client/index.ts";
import { DEMO } from "./demo-workspace.ts";
import { type Followed, followExecutions } from "./timeline.ts";

const DOCUMENTS = "examples/documents";
/** Longer than the limit of a request-response call. */
const ANSWER_MS = 30_000;
/** Longest printed part of an answer, in characters. */
const SHOWN_LENGTH = 100;

export interface Message {
  /** A file of `examples/documents/`; without one the call has no body. */
  readonly document?: string;
  /** Sent in place of the document's own text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly executionId: string;
}

export class Stage {
  readonly workspace: WorkspaceClient;
  readonly #url: string;
  failures = 0;
  #scenes = 0;

  /** @param url the gateway's origin, without a slash at its end. */
  constructor(url: string, client: Client) {
    this.#url = url;
    this.workspace = client.workspace(DEMO);
  }

  /** Begins a scene. */
  title(text: string): void {
    console.log(`\n${styleText("bold", `${++this.#scenes}. ${text}`)}`);
  }

  say(line: string): void {
    console.log(`   ${line}`);
  }

  /** GET without a document, POST with one. */
  async call(trigger: string, { document, body, headers = {} }: Message = {}): Promise<Answer> {
    const text = body ?? (document ? readDocument(document) : null);
    const method = text === null ? "GET" : "POST";
    const type = document?.endsWith(".xml") ? "application/xml" : "application/json";
    const started = Date.now();
    const response = await fetch(`${this.#url}/${DEMO}/${trigger}`, {
      method,
      headers: { ...(text !== null && { "content-type": type }), ...headers },
      body: text,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer = await read(response);
    const what = text === null ? "" : `  ${basename(document ?? "")}, ${Buffer.byteLength(text)} bytes`;
    const answered = `${answer.status} in ${Date.now() - started} ms`;
    this.say(`${method} /${DEMO}/${trigger}${what}  ${styleText("bold", answered)}  ${excerpt(answer.text)}`.trimEnd());
    return answer;
  }

  /** The result at the `Location` of an earlier answer. */
  async fetchResult(answer: Answer): Promise<Answer> {
    const location = answer.headers.get("location") ?? "";
    const result = await read(await fetch(location, { signal: AbortSignal.timeout(ANSWER_MS) }));
    const path = new URL(location).pathname;
    this.say(`GET ${path}  ${styleText("bold", String(result.status))}  ${excerpt(result.text)}`);
    return result;
  }

  /** Prints the timeline of executions until all have ended. */
  follow(...followed: readonly Followed[]): Promise<ExecutionDetail[]> {
    return followExecutions(this.workspace, followed, (line) => this.say(line));
  }

  expect(what: string, isSo: boolean): void {
    if (!isSo) this.failures++;
    this.say(isSo ? styleText("green", `✓ ${what}`) : styleText("red", `✗ ${what}`));
  }
}

export const readDocument = (name: string) => readFileSync(`${DOCUMENTS}/${name}`, "utf8");

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, text: await response.text(), executionId: headers.get("hookback-execution-id") ?? "" };
}

/** The beginning of an answer on one line. */
function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return styleText("dim", line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}...` : line);
}
