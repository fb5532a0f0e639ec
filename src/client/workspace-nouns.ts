/** Nouns of a workspace with methods of their own. */
import { listNoun } from "./nouns.ts";
import { type AllOptions, type CallOptions, path, type Transport } from "./transport.ts";
import type * as Api from "./types.ts";
import { type WaitOptions, waitUntil } from "./wait.ts";

export interface CallbackWaitOptions extends WaitOptions {
  /** The number of the last known call: only later calls count. */
  readonly after?: number;
}

const IS_ACCEPTED: Record<Api.CallbackCall["outcome"], boolean> = {
  answered: true,
  redirected: true,
  rejected: false,
  failed: false,
};
const IS_FINAL: Record<Api.CallbackStatus, boolean> = { open: false, busy: false, closed: true, expired: true };

export function keysNoun(transport: Transport, workspace: string) {
  const base = (trigger: string) => `${workspace}/triggers${path(trigger)}/keys`;
  return {
    all: (trigger: string, options?: AllOptions): Promise<Api.ApiKey[]> => transport.all(base(trigger), options),
    /** Generates a key unless one is given. */
    create: (trigger: string, input: Api.ApiKeyInput): Promise<Api.NewApiKey> =>
      transport.json("POST", base(trigger), { body: input }),
    relabel: (trigger: string, id: string, label: string): Promise<Api.ApiKey> =>
      transport.json("PATCH", base(trigger) + path(id), { body: { label } }),
    delete: (trigger: string, id: string): Promise<void> => transport.json("DELETE", base(trigger) + path(id)),
  };
}

export function secretsNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/secrets`;
  return {
    ...listNoun<Api.SecretName>(transport, base),
    put: (name: string, value: string): Promise<void> => transport.json("PUT", base + path(name), { body: { value } }),
    delete: (name: string): Promise<void> => transport.json("DELETE", base + path(name)),
  };
}

export function adaptersNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/adapters`;
  return {
    ...listNoun<Api.Adapter>(transport, base),
    get: (id: string, options?: CallOptions): Promise<Api.Adapter> => transport.json("GET", base + path(id), options),
    create: (input: Api.NewAdapterInput): Promise<Api.Adapter> => transport.json("POST", base, { body: input }),
    put: (id: string, input: Api.AdapterInput): Promise<Api.Adapter> =>
      transport.json("PUT", base + path(id), { body: input }),
    /** Its next request is signed with the new secret. */
    rotateSecret: (id: string, secret: string): Promise<Api.Adapter> =>
      transport.json("PUT", `${base}${path(id)}/rotate_shared_secret`, { body: { shared_secret: secret } }),
    delete: (id: string): Promise<void> => transport.json("DELETE", base + path(id)),
  };
}

export function callbacksNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/callbacks`;
  const get = (state: string, options?: CallOptions): Promise<Api.CallbackDetail> =>
    transport.json("GET", base + path(state), options);
  return {
    /** Newest first. */
    ...listNoun<Api.CallbackSummary, Api.CallbackFilter>(transport, base),
    get,
    /**
     * Waits for a successful call, or until no call is possible any more; `calls` and `status` say which. Calls that a
     * handler rejects do not count while the callback is open. Throws {@link WaitTimeout} after `timeoutMs`.
     */
    waitFor: (state: string, { after = 0, ...options }: CallbackWaitOptions = {}): Promise<Api.CallbackDetail> => {
      const isCalled = ({ status, calls }: Api.CallbackDetail) =>
        IS_FINAL[status] || calls.some(({ number, outcome }) => number > after && IS_ACCEPTED[outcome]);
      return waitUntil("the callback to be called", (signal) => get(state, { signal }), isCalled, options);
    },
    create: (input: Api.CallbackInput): Promise<Api.Callback> => transport.json("POST", base, { body: input }),
    close: (state: string): Promise<void> => transport.json("DELETE", base + path(state)),
    /** The body of one call, unchanged and with its content type. */
    callBody: (state: string, number: number, options?: CallOptions): Promise<Response> =>
      transport.send("GET", `${base}${path(state)}/calls/${number}/body`, options),
  };
}

export type LaneAction = "retry" | "skip" | "pause" | "resume";

export function lanesNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/lanes`;
  return {
    ...listNoun<Api.Lane>(transport, base),
    act: (id: string, action: LaneAction): Promise<void> => transport.json("POST", `${base}${path(id)}/${action}`),
  };
}

/** The whole configuration as one document. */
export function configNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/config`;
  return {
    get: (options?: CallOptions): Promise<Api.ConfigDocument> => transport.json("GET", base, options),
    /** The changes that `apply` would make. */
    compare: (document: unknown): Promise<Api.ConfigChanges> =>
      transport.json("PUT", base, { body: document, query: { dryRun: true } }),
    /** Makes the configuration equal to the document. Sections that it does not have are left unchanged. */
    apply: (document: unknown): Promise<Api.ConfigChanges> => transport.json("PUT", base, { body: document }),
  };
}
