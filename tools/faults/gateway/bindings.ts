/**
 * Runs inside the runtime, between the platform's bindings and the gateway's own code: KV that returns old values, R2
 * that is slow or fails, and objects that are stopped while they run. The gateway itself is not changed: it gets an
 * environment and a base class that behave as badly as the platform may.
 */

/** Faults of the bindings; the seed decides which operations fail. */
export interface BindingFaults {
  readonly seed: number;
  /** Shares of the operations, 0 to 1. */
  readonly r2Failures: number;
  readonly r2Delays: number;
  readonly kvStale: number;
  /** Longest time for which KV returns an old value, an absence included, in ms. */
  readonly kvStaleMs: number;
}

export const NO_FAULTS: BindingFaults = { seed: 0, r2Failures: 0, r2Delays: 0, kvStale: 0, kvStaleMs: 0 };

/** Longest time that R2 delays an operation, in ms. */
const R2_DELAY_MS = 300;

/** The paths of the harness; no workspace can have this name. */
export const CONTROL_PATH = "/__faults/";

type Method = (...args: never[]) => unknown;
type Env = Record<string, unknown>;
type Stub = { breakDown(): Promise<void> };
type Context = { readonly id: { readonly name?: string }; abort(reason: string): void };

let faults = NO_FAULTS;
const counts = { aborts: 0, r2Failures: 0, r2Delays: 0, staleReads: 0 };
const live = new Set<string>();
const wrapped = new WeakMap<Env, Env>();
let draws = 0;

/** The next random number of the seed: operations come in no fixed order, so only their frequency is repeated. */
function draw(): number {
  let mixed = (faults.seed + ++draws * 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** The environment of the gateway, with bindings that fail. */
function wrapEnv(env: Env): Env {
  const known = wrapped.get(env) ?? {
    ...env,
    CONFIG: staleKv(env.CONFIG as Kv),
    BODIES: failingR2(env.BODIES as object),
  };
  wrapped.set(env, known);
  return known;
}

/** The gateway's object with a method that stops it as the platform does: at once, whatever is running. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants it of a mixin's constructor
export function wrapShard<T extends new (...args: any[]) => object>(Real: T) {
  return class extends Real {
    readonly #context: Context;

    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      const [context, env] = args as [Context, Env];
      super(context, wrapEnv(env));
      this.#context = context;
      live.add(context.id.name ?? "");
    }

    async breakDown(): Promise<void> {
      counts.aborts++;
      live.delete(this.#context.id.name ?? "");
      this.#context.abort("stopped by the fault harness");
    }
  };
}

/** The gateway's entry, and the harness's own paths beside it. */
export function wrapWorker(worker: { fetch(request: Request, env: never, ctx: never): Promise<Response> }) {
  return {
    fetch: (request: Request, env: Env, ctx: unknown) =>
      new URL(request.url).pathname.startsWith(CONTROL_PATH)
        ? control(request, env)
        : worker.fetch(request, wrapEnv(env) as never, ctx as never),
  };
}

async function control(request: Request, env: Env): Promise<Response> {
  const command = new URL(request.url).pathname.slice(CONTROL_PATH.length);
  if (command === "set") {
    faults = (await request.json()) as BindingFaults;
    draws = 0;
    history.clear();
  }
  if (command === "abort") {
    const shards = [...live].sort();
    const shard = shards[Math.floor(Number(await request.text()) * shards.length)];
    if (shard === undefined) return Response.json({ shard: null });
    const namespace = env.SHARDS as { getByName(name: string): Stub };
    await namespace
      .getByName(shard)
      .breakDown()
      .catch(() => undefined);
    return Response.json({ shard });
  }
  return Response.json(counts);
}

interface Kv {
  get(key: string | string[], options?: unknown): Promise<unknown>;
  put(key: string, value: string, options?: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The value of a key before a write, and how long it is still returned. */
const history = new Map<string, { value: string | null; until: number }>();

/** KV as another location sees it: the previous value, or its absence, may be returned for a while. */
function staleKv(kv: Kv): object {
  const remember = async (key: string) => {
    if (draw() >= faults.kvStale) return void history.delete(key);
    const value = (await kv.get(key, "text")) as string | null;
    history.set(key, { value, until: Date.now() + draw() * faults.kvStaleMs });
  };
  const old = (key: string) => {
    const known = history.get(key);
    if (!known || known.until <= Date.now()) return undefined;
    counts.staleReads++;
    return known.value;
  };
  const parse = (text: string | null, options: unknown) => {
    const type = typeof options === "object" && options !== null ? (options as { type?: string }).type : options;
    return text !== null && type === "json" ? (JSON.parse(text) as unknown) : text;
  };
  const own: Partial<Record<keyof Kv, Method>> = {
    put: async (key: string, value: string, options?: unknown) => {
      await remember(key);
      return kv.put(key, value, options);
    },
    delete: async (key: string) => {
      await remember(key);
      return kv.delete(key);
    },
    get: async (key: string | string[], options?: unknown) => {
      if (typeof key === "string") {
        const text = old(key);
        return text === undefined ? kv.get(key, options) : parse(text, options);
      }
      const values = new Map(await (kv.get(key, options) as Promise<Map<string, unknown>>));
      for (const one of key) {
        const text = old(one);
        if (text !== undefined) values.set(one, parse(text, options));
      }
      return values;
    },
  };
  return overlay(kv, own as Record<string, Method>);
}

/** R2 that is slow and fails: before the operation, or after it, when only the answer is lost. */
function failingR2(bucket: object): object {
  const failing = (target: object, name: string, method: Method): Method =>
    (async (...args: never[]) => {
      if (draw() < faults.r2Delays) await pause(draw() * R2_DELAY_MS);
      if (draw() < faults.r2Failures / 2) throw failure(name);
      const result = await method.apply(target, args);
      const isUpload = name === "createMultipartUpload";
      if (!isUpload && draw() < faults.r2Failures / 2) {
        await (result as { body?: ReadableStream } | null)?.body?.cancel();
        throw failure(name);
      }
      return isUpload
        ? overlay(result as object, methodsOf(result as object, ["uploadPart", "complete", "abort"]))
        : result;
    }) as Method;
  const methodsOf = (target: object, names: string[]) =>
    Object.fromEntries(
      names.map((name) => [name, failing(target, name, (target as Record<string, Method>)[name] as Method)]),
    );
  return overlay(bucket, methodsOf(bucket, ["get", "put", "delete", "createMultipartUpload"]));
}

function failure(name: string): Error {
  counts.r2Failures++;
  return new Error(`${name}: We encountered an internal error. Please try again. (10001)`);
}

async function pause(ms: number): Promise<void> {
  counts.r2Delays++;
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** An object with some methods replaced; the others keep their own `this`. */
function overlay(target: object, own: Record<string, Method>): object {
  return new Proxy(target, {
    get: (_, name) => {
      const replaced = own[String(name)];
      if (replaced) return replaced;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
