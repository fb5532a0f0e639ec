/** The partners of a run on one loopback server: http steps, async steps, adapters, and handlers of minted callbacks. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { listenOnLoopback } from "../../lib/loopback.ts";
import { seeded } from "../../lib/seeded.ts";
import type { PartnerReply, Recorder, Saying } from "../checks/history.ts";
import { featureOf } from "../load/features.ts";
import { makeResult, numberIn, sha256 } from "../load/messages.ts";
import { adapterStatement, type Signals, type Wait } from "../load/signals.ts";
import { SHARED_SECRET } from "../load/workspace.ts";
import { gentleMannerOf, type Manner, mannerOf, PROMPT, type Statement, statementOf, WELL } from "./behaviour.ts";
import { reply } from "./replies.ts";

export interface Partners extends AsyncDisposable {
  readonly url: string;
}

interface PartnerOptions {
  readonly recorder: Recorder;
  readonly seed: number;
  readonly signals: Signals;
  /** Origin of the gateway, for adapters. */
  readonly gateway: () => string;
  /** True when partners no longer fail. */
  readonly isCalm: () => boolean;
  /** Some connections are reset before anything is read. */
  readonly isDeaf: boolean;
}

/** The share of connections that are reset before anything is read. */
const DEAF = 0.02;
/** The share of handler calls that take up to 1.2 s; the others take up to 60 ms. */
const LONG = 0.35;
/** The share of runs after the first one whose partner also answers the run before. */
const MIXES_UP = 0.6;

export async function startPartners(options: PartnerOptions): Promise<Partners> {
  const handler = new PartnerHandler(options);
  const server = createServer(
    (request, response) => void handler.answer(request, response).catch(() => response.destroy()),
  );
  let connections = 0;
  server.on("connection", (socket) => {
    if (options.isDeaf && !options.isCalm() && seeded(options.seed, "deaf", connections++) < DEAF)
      socket.resetAndDestroy();
  });
  server.keepAliveTimeout = 60_000;
  return listenOnLoopback(server);
}

/** A request of a step, read. */
interface Job {
  readonly request: number;
  readonly wait: Wait;
  readonly isNew: boolean;
  /** Treats a repetition of this request as new, because a refused request must be processed when it is repeated. */
  readonly forget: () => void;
  readonly manner: Manner;
  readonly statement: Statement;
}

class PartnerHandler {
  readonly #options: PartnerOptions;
  /** Idempotency keys of the runs of each step, oldest first. */
  readonly #runs = new Map<string, string[]>();
  readonly #waits = new Map<string, Wait>();

  constructor(options: PartnerOptions) {
    this.#options = options;
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const url = new URL(incoming.url ?? "/", "http://partner");
    if (url.pathname === "/handler") return this.#handle(body, response);
    const [, flow = "", name = ""] = url.pathname.split("/");
    const step = featureOf.get(flow)?.steps.find((one) => one.name === name);
    if (!step) return void response.writeHead(404).end();
    const job = this.#read(incoming.headers, body, flow, step, Number(url.searchParams.get("version")));
    if (step.kind === "http") return this.#work(job, response);
    return step.kind === "link" ? this.#acknowledge(job, response) : this.#convert(job, response);
  }

  #read(
    headers: IncomingMessage["headers"],
    body: string,
    flow: string,
    step: { name: string; kind: string; progress?: boolean },
    version: number,
  ): Job {
    const { recorder, seed, gateway, isCalm } = this.#options;
    const header = (name: string) => String(headers[name] ?? "");
    const isAdapter = step.kind === "adapter";
    const call = isAdapter ? (JSON.parse(body) as { payload: unknown; callback: string; configuration: object }) : null;
    const given = call ? JSON.stringify(call.payload) : body;
    const message = numberIn(given);
    const executionId = header("hookback-execution-id");
    const key = header("idempotency-key");
    const runs = this.#runs.get(`${executionId}/${step.name}`) ?? [];
    const isNew = !runs.includes(key);
    if (isNew) runs.push(key);
    this.#runs.set(`${executionId}/${step.name}`, runs);
    const attempt = Number(headers["hookback-attempt"] ?? 1);
    const place = [flow, step.name, message, runs.indexOf(key)];
    const dialect = isAdapter ? "C" : "L";
    const correlation = isAdapter ? header("x-chainio-execution-id") : header("x-link-correlation-id");
    const { strict } = featureOf.get(flow) ?? {};
    const manner = strict
      ? gentleMannerOf(seed, place, attempt, strict.refusals)
      : mannerOf(seed, place, message, attempt);
    const well: Statement = isAdapter ? { ...PROMPT, saying: "success", isInReply: strict === undefined } : PROMPT;
    const wait: Wait = {
      ...{ dialect, correlation, executionId, token: call?.callback ?? "" },
      callbackUrl: isAdapter ? `${gateway()}/adapter/callback` : header("x-link-callback-url"),
      result: makeResult(message, step.name, sha256(given), manner.padBytes),
    };
    const request = recorder.nextRequest();
    recorder.note({
      ...{ kind: "request", request, executionId, step: step.name, key, attempt, message, version },
      ...{ correlation: correlation || null, sha256: sha256(given) },
      sameSha256: call ? sha256(JSON.stringify([call.configuration, call.payload])) : sha256(body),
    });
    const before = this.#waits.get(runs[runs.indexOf(key) - 1] ?? "");
    if (isNew && before && seeded(seed, "mixes up", ...place) < MIXES_UP) this.#options.signals.repeatLate(before);
    if (correlation) this.#waits.set(key, wait);
    const statement = isCalm() || strict ? well : statementOf(seed, dialect, place, step.progress === true);
    const forget = () => void runs.splice(runs.indexOf(key), 1);
    return { request, wait, isNew, forget, manner: isCalm() ? WELL : manner, statement };
  }

  async #work({ request, wait, manner }: Job, response: ServerResponse): Promise<void> {
    await this.#reply(response, request, manner, 200, wait.result, { sha256: sha256(wait.result) });
  }

  /** An async endpoint: acknowledges the request and calls back later. */
  async #acknowledge(
    { request, wait, isNew, forget, manner, statement }: Job,
    response: ServerResponse,
  ): Promise<void> {
    // A refused request is not processed; a repeated request is processed once.
    const isTaken = manner.mode !== "refuse";
    if (isTaken && isNew)
      this.#options.signals.deliver(wait, statement.isEarly ? { ...statement, delayMs: 0 } : statement);
    if (isTaken && statement.isEarly) await sleep(50);
    await this.#reply(response, request, manner, 202, "", {});
    if (!isTaken) forget();
  }

  async #convert({ request, wait, isNew, manner, statement }: Job, response: ServerResponse): Promise<void> {
    const isTaken = manner.mode !== "refuse";
    const { saying, isInReply } = statement;
    const isSaidTwice = isInReply && statement.copies > 1;
    if (isTaken && isNew && (!isInReply || isSaidTwice)) this.#options.signals.deliver(wait, statement);
    if (isInReply && saying !== null) {
      const body = adapterStatement(wait, saying);
      return this.#reply(response, request, manner, 200, body, { saying, sha256: sha256(wait.result) });
    }
    return this.#reply(response, request, manner, 200, JSON.stringify({ message: "working on it" }), {});
  }

  async #handle(body: string, response: ServerResponse): Promise<void> {
    const { recorder, seed, isCalm } = this.#options;
    const { requestBody, callbackSystemCase } = JSON.parse(body) as Record<string, string>;
    const message = numberIn(requestBody ?? "");
    const request = recorder.nextRequest();
    recorder.note({ kind: "handler", request, state: callbackSystemCase ?? "", message });
    const manner = isCalm() ? WELL : mannerOf(seed, ["handler", message], message, 1);
    // Long enough for other callers and for a fault.
    const isLong = seeded(seed, "long", message) < LONG;
    if (!isCalm()) await sleep(seeded(seed, "handling", message) * (isLong ? 1_200 : 60));
    await this.#reply(response, request, manner, 200, JSON.stringify({ responseBody: `handled ${message}` }), {});
  }

  #reply(
    response: ServerResponse,
    request: number,
    manner: Manner,
    status: number,
    body: string,
    meaning: { readonly sha256?: string; readonly saying?: Saying },
  ): Promise<void> {
    const note = (fact: Omit<PartnerReply, "request">) =>
      this.#options.recorder.note({ kind: "reply", request, ...fact });
    const sign = (content: string) => createHmac("sha256", SHARED_SECRET).update(content).digest("base64");
    return reply(response, manner, { status, body, ...(meaning.saying && { signature: sign(body) }) }, meaning, note);
  }
}
