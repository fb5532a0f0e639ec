/**
 * Counts what the platform bills, in the one isolate in which the Worker and its objects run here: requests to objects,
 * rows, alarms, and operations of KV and R2. The counts are exact.
 */
import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { Env } from "../../src/config.ts";
import { handle } from "../../src/handle.ts";
import { bindings } from "./support.ts";

export interface Bill {
  /** Calls of objects. An alarm that rings is one more; those are under `alarmsSet`. */
  readonly objectRequests: number;
  readonly rowsRead: number;
  /** Rows of tables and indexes, and keys of an object's own storage. An alarm that is set is one more. */
  readonly rowsWritten: number;
  readonly alarmsSet: number;
  readonly kvReads: number;
  readonly kvWrites: number;
  /** R2's class A: what changes or lists. */
  readonly r2Writes: number;
  /** R2's class B: what reads. */
  readonly r2Reads: number;
}

type Counter = { -readonly [K in keyof Bill]: number };
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Storage classes are the runtime's own, so one object of each is needed to get at them. */
const SHARD_FOR_CLASSES = "0";

/** Starts counting; `vi.restoreAllMocks` ends it. Answers what has been counted so far. */
export async function meter(): Promise<() => Bill> {
  const cursors: { rowsRead: number; rowsWritten: number }[] = [];
  const count: Counter = {
    ...{ objectRequests: 0, rowsRead: 0, rowsWritten: 0, alarmsSet: 0 },
    ...{ kvReads: 0, kvWrites: 0, r2Writes: 0, r2Reads: 0 },
  };
  const counting = (what: keyof Bill) => () => {
    count[what]++;
  };
  await runInDurableObject(bindings.SHARDS.getByName(SHARD_FOR_CLASSES), (_, { storage }) => {
    watch(storage.sql, ["exec"], (cursor) => cursors.push(cursor as (typeof cursors)[number]));
    watch(storage, ["setAlarm"], counting("alarmsSet"));
    watch(storage.kv, ["put"], counting("rowsWritten"));
    watch(storage.kv, ["get"], counting("rowsRead"));
  });
  watch(bindings.CONFIG, ["get", "getWithMetadata", "list"], counting("kvReads"));
  watch(bindings.CONFIG, ["put", "delete"], counting("kvWrites"));
  watch(bindings.BODIES, ["put", "createMultipartUpload", "list"], counting("r2Writes"));
  watch(bindings.BODIES, ["get", "head"], counting("r2Reads"));
  watchObjects(counting("objectRequests"));
  return () => ({
    ...count,
    rowsRead: cursors.reduce((sum, { rowsRead }) => sum + rowsRead, count.rowsRead),
    rowsWritten: cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, count.rowsWritten),
  });
}

/** A request to the Worker, as the outside sends it. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  return handle(new Request(`http://gateway.test${path}`, init), bindings, createExecutionContext());
}

/** The same with the right to everything. */
export function administer(method: string, path: string, body: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${bindings.ADMIN_TOKEN}`, "content-type": "application/json" };
  return send(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
}

/** Shows the results of methods of the class of an object, and of every other of that class. */
function watch(one: object, names: readonly string[], see: (result: unknown) => void): void {
  const prototype = Object.getPrototypeOf(one) as Record<string, Method>;
  for (const name of names) {
    const original = prototype[name];
    if (!original) throw new Error(`there is no method ${name}`);
    vi.spyOn(prototype, name).mockImplementation(function (this: unknown, ...args) {
      const result = original.apply(this, args);
      see(result);
      return result;
    });
  }
}

/** Every method of a stub is a request to its object. */
function watchObjects(see: () => void): void {
  const prototype = Object.getPrototypeOf(bindings.SHARDS) as Env["SHARDS"];
  const { getByName } = prototype;
  vi.spyOn(prototype, "getByName").mockImplementation(function (this: Env["SHARDS"], ...args) {
    return new Proxy(getByName.apply(this, args), {
      get: (stub, name) => {
        const member = Reflect.get(stub, name, stub) as unknown;
        if (typeof member !== "function") return member;
        // Called as a member: what the stub gives is no function of this side.
        return (...given: unknown[]) => {
          see();
          return (stub as unknown as Record<string | symbol, (...all: unknown[]) => unknown>)[name]?.(...given);
        };
      },
    });
  });
}
