/**
 * A client of Hookback's admin API for browsers, Node and Workers. It needs only `fetch`.
 *
 *     const client = createClient({ url: "https://gateway.example", token });
 *     const { items } = await client.workspace("demo").executions.list({ status: "failed" });
 *
 * Errors of the API are thrown as {@link ApiProblem}.
 */
import { executionsNoun } from "./executions.ts";
import { listNoun, namedNoun } from "./nouns.ts";
import { type Message, type Sent, sendMessage } from "./send.ts";
import { type CallOptions, type ClientOptions, path, Transport } from "./transport.ts";
import type * as Api from "./types.ts";
import { adaptersNoun, callbacksNoun, configNoun, keysNoun, lanesNoun, secretsNoun } from "./workspace-nouns.ts";

export type { ExecutionEvent } from "./follow.ts";
export { ApiProblem, type FieldProblem } from "./problem.ts";
export type { Credentials, Message, Sent } from "./send.ts";
export { type CallOptions, type ClientOptions, PAGE_LIMIT, type Page, type PageQuery } from "./transport.ts";
export type * from "./types.ts";
export { type WaitOptions, WaitTimeout } from "./wait.ts";
export type { CallbackWaitOptions, LaneAction } from "./workspace-nouns.ts";

export function createClient(options: ClientOptions = {}) {
  const transport = new Transport(options);
  return {
    workspaces: namedNoun<Api.Workspace, Api.WorkspaceInput>(transport, "/workspaces"),
    /** The label and the permissions of the token. */
    session: (options?: CallOptions): Promise<Api.SessionInfo> => transport.json("GET", "/session", options),
    tokens: {
      ...listNoun<Api.Token>(transport, "/tokens"),
      create: (input: Api.TokenInput): Promise<Api.NewToken> => transport.json("POST", "/tokens", { body: input }),
      delete: (id: string): Promise<void> => transport.json("DELETE", `/tokens${path(id)}`),
    },
    /** Encrypts the stored secrets of all workspaces with the current key, page by page. */
    reseal: (options?: CallOptions): Promise<Api.ResealResult> => resealAll(transport, options),
    workspace: (name: string) => workspaceClient(transport, name),
  };
}

async function resealAll(transport: Transport, { signal }: CallOptions = {}): Promise<Api.ResealResult> {
  let total: Api.ResealResult = { resealed: 0, current: 0, unopened: [] };
  for (let cursor: string | undefined; ; ) {
    const page = await transport.json<Api.ResealResult & { nextCursor?: string }>("POST", "/reseal", {
      query: { cursor },
      signal,
    });
    total = {
      resealed: total.resealed + page.resealed,
      current: total.current + page.current,
      unopened: [...total.unopened, ...page.unopened],
    };
    cursor = page.nextCursor;
    if (cursor === undefined) return total;
  }
}

function workspaceClient(transport: Transport, name: string) {
  const base = `/workspaces${path(name)}`;
  return {
    name,
    flows: namedNoun<Api.Flow, Api.FlowInput>(transport, `${base}/flows`),
    triggers: namedNoun<Api.Trigger, Api.TriggerInput>(transport, `${base}/triggers`),
    keys: keysNoun(transport, base),
    secrets: secretsNoun(transport, base),
    adapters: adaptersNoun(transport, base),
    callbackConfigs: namedNoun<Api.CallbackConfig, Api.CallbackConfigInput>(transport, `${base}/callback-configs`),
    callbacks: callbacksNoun(transport, base),
    executions: executionsNoun(transport, base),
    lanes: lanesNoun(transport, base),
    config: configNoun(transport, base),
    /**
     * Sends a message to a trigger, with the credentials of the trigger; the token of this client is not sent.
     * Throws {@link ApiProblem} when the message is not accepted.
     */
    send: (trigger: string, message?: Message): Promise<Sent> => sendMessage(transport, name, trigger, message),
  };
}

export type Client = ReturnType<typeof createClient>;
export type WorkspaceClient = ReturnType<typeof workspaceClient>;
