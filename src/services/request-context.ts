/** What a request is served with. */
import { type Config, configOf, type Env } from "../config.ts";
import type { TraceContext } from "../core/message/trace-context.ts";
import { type ConfigStore, openConfigStore } from "../storage/kv/config-store.ts";

export interface RequestContext {
  readonly env: Env;
  readonly config: Config;
  readonly store: ConfigStore;
  /** URL of the request. */
  readonly url: URL;
  readonly traceContext: TraceContext;
  /** Lets work continue for up to 30 s after the answer. It may be lost. */
  readonly defer: (work: Promise<void>) => void;
}

export function createContext(
  env: Env,
  url: URL,
  traceContext: TraceContext,
  execution: ExecutionContext,
): RequestContext {
  const defer = (work: Promise<void>) => execution.waitUntil(work);
  return { env, config: configOf(env), store: storeOf(env), url, traceContext, defer };
}

const stores = new WeakMap<Env, ConfigStore>();

function storeOf(env: Env): ConfigStore {
  const store = stores.get(env) ?? openConfigStore(env.CONFIG, configOf(env).encryptionKeys);
  stores.set(env, store);
  return store;
}
