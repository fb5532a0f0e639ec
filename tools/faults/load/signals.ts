/** Callbacks of partners, in both dialects: sent until they are answered, several at once, late, and for runs that are over. */

import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inParallel } from "../../lib/in-parallel.ts";
import { seeded } from "../../lib/seeded.ts";
import type { Op, Recorder, Saying } from "../checks/history.ts";
import type { Statement } from "../partners/behaviour.ts";
import { ask } from "./client.ts";
import { sha256 } from "./messages.ts";
import { SHARED_SECRET } from "./workspace.ts";

/** One waiting step run, as its partner knows it. */
export interface Wait {
  readonly dialect: "L" | "C";
  readonly correlation: string;
  readonly executionId: string;
  readonly callbackUrl: string;
  /** The token of an adapter's call. */
  readonly token: string;
  /** Becomes the message when the callback reports success. */
  readonly result: string;
}

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;
/** The share of callers that go away before the answer, and ask again. */
const LEAVES = 0.04;

export class Signals {
  readonly #recorder: Recorder;
  readonly #token: () => string;
  readonly #seed: number;
  readonly #held: Wait[] | null;
  #open = new Set<Promise<void>>();
  isClosed = false;

  /**
   * @param token the personal access token of partners, known once the workspace is set up.
   * @param holds callbacks are held back until `answerHeld`.
   */
  constructor(recorder: Recorder, seed: number, token: () => string, holds = false) {
    this.#held = holds ? [] : null;
    this.#recorder = recorder;
    this.#seed = seed;
    this.#token = token;
  }

  /** Sends all callbacks of a statement, and returns at once. */
  deliver(wait: Wait, statement: Statement): void {
    if (this.#held) return void this.#held.push(wait);
    this.#run(async () => {
      await sleep(statement.delayMs);
      for (let n = 0; n < statement.progress; n++) await this.#say(wait, "progress", statement, n);
      const { saying, copies, againAfterMs } = statement;
      if (saying === null) return;
      const sayings = Array.from({ length: copies }, (_, n) => (n % 2 === 1 ? contrary(saying) : saying));
      await Promise.all(sayings.map((one, n) => this.#say(wait, one, statement, n)));
      if (againAfterMs === null || this.isClosed) return;
      await sleep(againAfterMs);
      await this.#say(wait, saying, statement, copies);
    });
  }

  /** Sends two callbacks with different contents for each held one, in random order. */
  async answerHeld(callers: number, onAnswered: (count: number) => void): Promise<void> {
    const planned = (this.#held ?? [])
      .flatMap((wait) => [wait, { ...wait, result: JSON.stringify({ ...JSON.parse(wait.result), variant: "second" }) }])
      .map((wait) => ({ wait, order: seeded(this.#seed, "answer", wait.correlation, wait.result) }))
      .sort((a, b) => a.order - b.order);
    let answered = 0;
    await inParallel(planned, callers, async ({ wait }) => {
      await this.#say(wait, wait.dialect === "L" ? "ok" : "success", {}, 0);
      onAnswered(++answered);
    });
  }

  /** Sends a callback for a run that is over. */
  repeatLate(wait: Wait): void {
    const saying = wait.dialect === "L" ? "ok" : "success";
    this.#run(() => this.#say(wait, saying, {}, 0));
  }

  /** Resolves once all callbacks are answered. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  #run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#open.delete(running));
    this.#open.add(running);
  }

  /** Repeats one callback until the gateway has answered it. */
  async #say(
    wait: Wait,
    saying: Saying,
    about: Pick<Statement, "documentStatus" | "errorCode">,
    copy: number,
  ): Promise<void> {
    const { dialect, correlation, executionId, result } = wait;
    const { documentStatus, errorCode } = saying === "failed" ? about : {};
    const op: Op = {
      ...{ what: "signal", dialect, correlation, executionId, saying, sha256: sha256(result) },
      ...(documentStatus !== undefined && { documentStatus }),
      ...(errorCode !== undefined && { errorCode }),
    };
    const end = Date.now() + PATIENCE_MS;
    for (let time = 0; Date.now() < end; time++) {
      const leaves = !this.#held && seeded(this.#seed, "leaves", correlation, saying, copy, time) < LEAVES;
      const { url, headers, body } = dialect === "L" ? this.#link(wait, saying, about) : adapterCallback(wait, saying);
      const answer = await ask(this.#recorder, op, url, {
        method: "POST",
        headers,
        body,
        ...(leaves && { leaveAfterMs: 3 }),
      });
      if (typeof answer.status === "number" && answer.status < 500) return;
      await sleep(PAUSE_MS);
    }
  }

  #link({ correlation, callbackUrl, result }: Wait, saying: Saying, { documentStatus, errorCode }: Partial<Statement>) {
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.#token()}`,
      "content-type": "application/json",
      "x-link-correlation-id": correlation,
      "x-link-status": { ok: "Ok", failed: "Failed", progress: "Progress" }[saying as string] ?? saying,
      ...(documentStatus !== undefined && saying === "failed" && { "x-link-document-status": documentStatus }),
      ...(errorCode !== undefined && saying === "failed" && { "x-link-error-code": errorCode }),
    };
    return { url: callbackUrl, headers, body: saying === "progress" ? "" : result };
  }
}

/** The body of an adapter's callback, which it signs. */
export function adapterStatement({ token, result }: Pick<Wait, "token" | "result">, saying: Saying): string {
  const payload = saying === "success" ? `,"payload":${result}` : "";
  return `{"callback":${JSON.stringify(token)},"status":"${saying}"${payload}}`;
}

function adapterCallback(wait: Wait, saying: Saying) {
  const body = adapterStatement(wait, saying);
  const signature = createHmac("sha256", SHARED_SECRET).update(body).digest("base64");
  const headers = { "content-type": "application/json", "x-chainio-signature": signature };
  return { url: wait.callbackUrl, headers, body };
}

function contrary(saying: Saying): Saying {
  if (saying === "ok") return "failed";
  if (saying === "failed") return "ok";
  return saying === "success" ? "error" : "success";
}
