/** Nouns of a workspace that have ways of their own. */
import { type AllOptions, type CallOptions, type Page, type PageQuery, path, type Transport } from "./transport.ts";
import type {
  Adapter,
  AdapterInput,
  ApiKey,
  ApiKeyInput,
  Callback,
  CallbackDetail,
  CallbackFilter,
  CallbackInput,
  CallbackSummary,
  ConfigChanges,
  ConfigDocument,
  Lane,
  NewAdapterInput,
  NewApiKey,
  SecretName,
} from "./types.ts";
import { type WaitOptions, waitUntil } from "./wait.ts";

/** How long to wait for a callback, and for which of its calls. */
export interface CallbackWaitOptions extends WaitOptions {
  /** Number of the newest call that is known already, where more than one is awaited. */
  readonly after?: number;
}

const ACCEPTED = ["answered", "redirected"];

export function keysNoun(transport: Transport, workspace: string) {
  const base = (trigger: string) => `${workspace}/triggers${path(trigger)}/keys`;
  return {
    all: (trigger: string, options?: AllOptions): Promise<ApiKey[]> => transport.all(base(trigger), options),
    /** Generates a key unless one is given. */
    create: (trigger: string, input: ApiKeyInput): Promise<NewApiKey> =>
      transport.json("POST", base(trigger), { body: input }),
    relabel: (trigger: string, id: string, label: string): Promise<ApiKey> =>
      transport.json("PATCH", base(trigger) + path(id), { body: { label } }),
    delete: (trigger: string, id: string): Promise<void> => transport.json("DELETE", base(trigger) + path(id)),
  };
}

export function secretsNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/secrets`;
  return {
    list: (query?: PageQuery, options?: CallOptions): Promise<Page<SecretName>> =>
      transport.json("GET", base, { query, ...options }),
    all: (options?: AllOptions): Promise<SecretName[]> => transport.all(base, options),
    put: (name: string, value: string): Promise<void> => transport.json("PUT", base + path(name), { body: { value } }),
    delete: (name: string): Promise<void> => transport.json("DELETE", base + path(name)),
  };
}

export function adaptersNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/adapters`;
  return {
    list: (query?: PageQuery, options?: CallOptions): Promise<Page<Adapter>> =>
      transport.json("GET", base, { query, ...options }),
    all: (options?: AllOptions): Promise<Adapter[]> => transport.all(base, options),
    get: (id: string, options?: CallOptions): Promise<Adapter> => transport.json("GET", base + path(id), options),
    create: (input: NewAdapterInput): Promise<Adapter> => transport.json("POST", base, { body: input }),
    put: (id: string, input: AdapterInput): Promise<Adapter> => transport.json("PUT", base + path(id), { body: input }),
    /** The adapter takes the new secret from its next request on. */
    rotateSecret: (id: string, secret: string): Promise<Adapter> =>
      transport.json("PUT", `${base}${path(id)}/rotate_shared_secret`, { body: { shared_secret: secret } }),
    delete: (id: string): Promise<void> => transport.json("DELETE", base + path(id)),
  };
}

export function callbacksNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/callbacks`;
  const get = (state: string, options?: CallOptions): Promise<CallbackDetail> =>
    transport.json("GET", base + path(state), options);
  return {
    /** One page, newest first. */
    list: (query: CallbackFilter & PageQuery = {}, options?: CallOptions): Promise<Page<CallbackSummary>> =>
      transport.json("GET", base, { query: { ...query }, ...options }),
    all: (options?: AllOptions): Promise<CallbackSummary[]> => transport.all(base, options),
    get,
    /**
     * The callback once it was called with success, or can be called no more; `calls` says which. Calls that a handler
     * rejects do not count while the callback stays open. Throws {@link WaitTimeout} when it takes too long.
     */
    waitFor: (state: string, { after = 0, ...options }: CallbackWaitOptions = {}): Promise<CallbackDetail> => {
      const isCalled = ({ status, calls }: CallbackDetail) =>
        status === "closed" ||
        status === "expired" ||
        calls.some(({ number, outcome }) => number > after && ACCEPTED.includes(outcome));
      return waitUntil("the callback to be called", (signal) => get(state, { signal }), isCalled, options);
    },
    create: (input: CallbackInput): Promise<Callback> => transport.json("POST", base, { body: input }),
    close: (state: string): Promise<void> => transport.json("DELETE", base + path(state)),
    /** The body of one call, with its own content type and bytes. */
    callBody: (state: string, number: number, options?: CallOptions): Promise<Response> =>
      transport.send("GET", `${base}${path(state)}/calls/${number}/body`, options),
  };
}

export type LaneAction = "retry" | "skip" | "pause" | "resume";

export function lanesNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/lanes`;
  return {
    list: (query?: PageQuery, options?: CallOptions): Promise<Page<Lane>> =>
      transport.json("GET", base, { query, ...options }),
    all: (options?: AllOptions): Promise<Lane[]> => transport.all(base, options),
    act: (id: string, action: LaneAction): Promise<void> => transport.json("POST", `${base}${path(id)}/${action}`),
  };
}

/** The whole configuration as one document. */
export function configNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/config`;
  return {
    get: (options?: CallOptions): Promise<ConfigDocument> => transport.json("GET", base, options),
    /** What the document would change. */
    compare: (document: unknown): Promise<ConfigChanges> =>
      transport.json("PUT", base, { body: document, query: { dryRun: true } }),
    /** Makes the configuration what the document says; a section that it lacks is left as it is. */
    apply: (document: unknown): Promise<ConfigChanges> => transport.json("PUT", base, { body: document }),
  };
}
