/** A common test setup for both dialects of waiting steps: a step, the next step, and a controllable partner. */
import { answerCall, callOf, register } from "../adapter.ts";
import { callBack } from "../link.ts";
import { type Received, type Reply, startTarget, type Target } from "../target.ts";
import { type GatewayAddress, newWorkspace, type Workspace } from "../workspace.ts";

/** The outcome of a step: a text that becomes the message, or a failure. */
export type Saying = { readonly ok: string } | { readonly failed: true };

export interface Said {
  readonly saying: Saying;
  /** Status of the gateway's answer. */
  readonly status: number;
}

export type Hurry = "reply" | "callback" | null;

/** One of the two dialects, in the same words. */
export interface Dialect {
  readonly name: "L" | "C";
  /** The waiting step, with half a second for the reply or two seconds for the callback if there is a hurry. */
  step(workspace: Workspace, url: string, hurry: Hurry): Promise<Record<string, unknown>>;
  /** The acknowledging reply. */
  readonly acknowledgement: Required<Pick<Reply, "status" | "body">>;
  callBack(gateway: GatewayAddress, request: Received | undefined, saying: Saying): Promise<Response>;
}

export const link: Dialect = {
  name: "L",
  step: async (_, url, hurry) => ({
    ...{ name: "ask", type: "http", url, async: true, retry: { delaysSeconds: [0.1] } },
    ...(hurry === "reply" && { timeoutSeconds: 0.5 }),
    ...(hurry === "callback" && { callbackTimeoutSeconds: 2 }),
  }),
  acknowledgement: { status: 202, body: "working on it" },
  callBack: ({ token }, request, saying) =>
    "ok" in saying
      ? callBack(request, { token, body: JSON.stringify(saying.ok), headers: { "content-type": "application/json" } })
      : callBack(request, { token, headers: { "X-Link-Status": "Failed" } }),
};

export const chainio: Dialect = {
  name: "C",
  step: async (workspace, url, hurry) => ({
    ...{ name: "ask", type: "adapter" },
    adapter: await register(workspace, url, {
      ...(hurry === "reply" && { timeout_seconds: 0.5 }),
      ...(hurry === "callback" && { token_ttl_seconds: 2 }),
    }),
  }),
  acknowledgement: { status: 200, body: JSON.stringify({ message: "working on it" }) },
  callBack: ({ url }, request, saying) => answerCall(url, resultFor(request, saying)),
};

/** A result of an adapter, for its reply or its callback. */
export function resultFor(request: Received | undefined, saying: Saying) {
  const { callback } = callOf(request);
  return "ok" in saying ? { callback, status: "success", payload: saying.ok } : { callback, status: "error" };
}

export interface Stage extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly executionId: string;
  /** Requests that came for the waiting step, and the messages that reached the step after it. */
  readonly requests: readonly Received[];
  readonly passedOn: readonly string[];
  /** The outcomes sent so far with their statuses, in the order of the answers. */
  readonly said: readonly Said[];
  say(saying: Saying): Promise<void>;
}

export type Partner = (cue: {
  readonly request: Received;
  readonly response: Parameters<NonNullable<Parameters<typeof startTarget>[0]>>[1];
  readonly dialect: Dialect;
  say(saying: Saying): Promise<void>;
}) => Promise<Reply | undefined>;

/** Sends a message into a flow of the waiting step and another one. */
export async function openStage(
  gateway: GatewayAddress,
  dialect: Dialect,
  { partner, hurry }: { readonly partner: Partner; readonly hurry: Hurry },
): Promise<Stage> {
  const [requests, said, passedOn]: [Received[], Said[], string[]] = [[], [], []];
  const say = async (saying: Saying, to = requests.at(-1)) => {
    const response = await dialect.callBack(gateway, to, saying);
    await response.arrayBuffer();
    said.push({ saying, status: response.status });
  };
  const target: Target = await startTarget((request, response) => {
    if (request.path === "/next") {
      passedOn.push(request.body.toString());
      return { headers: { "content-type": "application/json" }, body: request.body };
    }
    requests.push(request);
    return partner({ request, response, dialect, say: (saying) => say(saying, request) });
  });
  const workspace = await newWorkspace(gateway);
  const next = { name: "next", type: "http", url: `${target.url}/next` };
  const url = await workspace.endpoint("race", [await dialect.step(workspace, target.url, hurry), next]);
  const response = await fetch(url, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  const { executionId } = (await response.json()) as { executionId: string };
  const dispose = () => target[Symbol.asyncDispose]();
  return { workspace, executionId, requests, passedOn, said, say, [Symbol.asyncDispose]: dispose };
}
