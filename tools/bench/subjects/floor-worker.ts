/**
 * The floor: the cost of the same storage and network work alone. No configuration, no checks, no
 * identifiers, no retries, no recovery: a row, a request, a row. Rows, headers and answers have
 * the gateway's sizes, so that bytes cost both the same.
 *
 * `/plain/...` uses one commit per write; in `/grouped/...` concurrent writes
 * share a commit.
 */
import { DurableObject } from "cloudflare:workers";

interface Env {
  readonly PLAIN: DurableObjectNamespace<Plain>;
  readonly GROUPED: DurableObjectNamespace<Grouped>;
  readonly BODIES: R2Bucket;
  readonly TARGET: string;
  readonly OBJECTS: number;
}

type Message = { readonly bytes: ArrayBuffer } | { readonly key: string };
/** Runs a synchronous write; it is durable when this resolves, or before any later output of the object. */
type Commit = <T>(write: () => T) => T | Promise<T>;

const INLINE_BYTES = 64 * 1024;
const JSON_TYPE = { "content-type": "application/json" };
/** As long as the gateway's rows and headers. */
const [NEW_FACTS, WAITING_FACTS, DONE_FACTS, CALLBACK_FACTS, USED_FACTS] = [110, 300, 450, 750, 300].map((length) =>
  "f".repeat(length),
);
const ID = "0000000000-0000-0000-0000-0000000000";
const SENT = {
  ...JSON_TYPE,
  "hookback-execution-id": ID,
  "hookback-attempt": "1",
  "idempotency-key": `${ID}.1`,
  traceparent: `00-${ID.slice(0, 32)}-${ID.slice(0, 16)}-01`,
};

class Floor extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #commit: Commit;
  readonly #callers = new Map<number, (reply: ArrayBuffer) => void>();
  readonly #lanes = new Map<string, Promise<unknown>>();
  #last: number;

  constructor(ctx: DurableObjectState, env: Env, commit: Commit) {
    super(ctx, env);
    this.#commit = commit;
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS work (id INTEGER PRIMARY KEY, status TEXT NOT NULL, due_at INTEGER, facts TEXT NOT NULL,
         input BLOB, message BLOB) STRICT`,
    );
    this.#last = this.#sql.exec<{ last: number | null }>("SELECT MAX(id) AS last FROM work").one().last ?? 0;
  }

  async accept(message: Message): Promise<number> {
    return this.#insert(NEW_FACTS, message);
  }

  async deliver(message: Message): Promise<number> {
    const id = await this.#insert(NEW_FACTS, message);
    void this.#send(id, message);
    return id;
  }

  async lane(message: Message, lane: string): Promise<number> {
    const id = await this.#insert(NEW_FACTS, message);
    const before = this.#lanes.get(lane);
    this.#lanes.set(lane, before ? before.then(() => this.#send(id, message)) : this.#send(id, message));
    return id;
  }

  async sync(message: Message): Promise<ArrayBuffer> {
    return this.#send(await this.#insert(NEW_FACTS, message), message);
  }

  async async(message: Message, callbackUrl: string): Promise<ArrayBuffer> {
    const id = await this.#insert(NEW_FACTS, message);
    const answered = new Promise<ArrayBuffer>((resolve) => this.#callers.set(id, resolve));
    const correlation = { "x-link-correlation-id": `${this.ctx.id.name}-${id}`, "x-link-callback-url": callbackUrl };
    await (await this.#fetch("/async", message, correlation)).arrayBuffer();
    await this.#commit(() => {
      this.#sql.exec("UPDATE work SET status = ?, due_at = ?, facts = ? WHERE id = ?", "waiting", 1, WAITING_FACTS, id);
    });
    return answered;
  }

  async answer(id: number, reply: ArrayBuffer): Promise<void> {
    await this.#finish(id, reply);
    this.#callers.get(id)?.(reply);
    this.#callers.delete(id);
  }

  async mint(): Promise<number> {
    return this.#insert(CALLBACK_FACTS, { bytes: new ArrayBuffer(0) });
  }

  async use(id: number): Promise<boolean> {
    return this.#commit(() => {
      const [row] = this.#sql.exec("SELECT status, facts FROM work WHERE id = ?", id).toArray();
      if (row?.status !== "queued") return false;
      this.#sql.exec("UPDATE work SET status = ?, facts = ? WHERE id = ?", "closed", `${row.facts}${USED_FACTS}`, id);
      return true;
    });
  }

  #insert(facts: string | undefined, message: Message): number | Promise<number> {
    return this.#commit(() => {
      const id = ++this.#last;
      const [bytes, more] = "bytes" in message ? [message.bytes, ""] : [null, message.key];
      this.#sql.exec(
        "INSERT INTO work (id, status, facts, input) VALUES (?, ?, ?, ?)",
        id,
        "queued",
        facts + more,
        bytes,
      );
      return id;
    });
  }

  async #send(id: number, message: Message): Promise<ArrayBuffer> {
    const reply = await (await this.#fetch("/ok", message)).arrayBuffer();
    await this.#finish(id, reply);
    return reply;
  }

  async #fetch(path: string, message: Message, more: Record<string, string> = {}): Promise<Response> {
    const body = "bytes" in message ? message.bytes : ((await this.env.BODIES.get(message.key))?.body ?? null);
    return fetch(this.env.TARGET + path, { method: "POST", headers: { ...SENT, ...more }, body });
  }

  #finish(id: number, reply: ArrayBuffer): void | Promise<void> {
    return this.#commit(() => {
      const set = "UPDATE work SET status = ?, facts = ?, message = ? WHERE id = ?";
      this.#sql.exec(set, "succeeded", DONE_FACTS, reply, id);
    });
  }
}

export class Plain extends Floor {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, (write) => write());
  }
}

export class Grouped extends Floor {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, shareCommits(ctx.storage));
  }
}

/** Writes during a commit share the next one. */
function shareCommits(storage: DurableObjectStorage): Commit {
  let waiting: (() => () => void)[] = [];
  let isCommitting = false;
  const commit = async () => {
    isCommitting = true;
    while (waiting.length > 0) {
      const writes = waiting;
      waiting = [];
      const settles = writes.map((write) => write());
      await storage.sync();
      for (const settle of settles) settle();
    }
    isCommitting = false;
  };
  return (write) =>
    new Promise((resolve) => {
      waiting.push(() => {
        const value = write();
        return () => resolve(value);
      });
      if (!isCommitting) void commit();
    });
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname, searchParams, origin } = new URL(request.url);
    const [, form, what, name = ""] = pathname.split("/");
    if (form !== "plain" && form !== "grouped") return answer(404, NOT_FOUND, "application/problem+json");
    const object = (of: number | string) =>
      (form === "plain" ? env.PLAIN : env.GROUPED).getByName(String(of)) as DurableObjectStub<Floor>;
    const any = () => object(Math.floor(Math.random() * env.OBJECTS));
    switch (what) {
      case "accept":
        return accepted(await any().accept(await receive(request, env)));
      case "deliver":
        return accepted(await any().deliver(await receive(request, env)));
      case "lane": {
        const lane = searchParams.get("lane") ?? "";
        return accepted(await object(Number(lane) % env.OBJECTS).lane(await receive(request, env), lane));
      }
      case "sync":
        return new Response(await any().sync(await receive(request, env)), { headers: RESULT });
      case "async":
        return new Response(await any().async(await receive(request, env), `${origin}/${form}/cb`), {
          headers: RESULT,
        });
      case "cb": {
        const [of, id] = (request.headers.get("x-link-correlation-id") ?? "").split("-");
        await object(of ?? "").answer(Number(id), await request.arrayBuffer());
        return answer(200, { status: "accepted" });
      }
      case "mint": {
        const settings = (await request.json()) as object;
        const of = Math.floor(Math.random() * env.OBJECTS);
        return answer(201, {
          callbackUrl: `${origin}/${form}/use/${of}-${await object(of).mint()}`,
          ...settings,
          CALLBACK_FACTS,
        });
      }
      default: {
        const [of, id] = name.split("-");
        return answer((await object(of ?? "").use(Number(id))) ? 200 : 410, {});
      }
    }
  },
} satisfies ExportedHandler<Env>;

const NO_STORE = { "cache-control": "no-store" };
const RESULT = { ...JSON_TYPE, ...NO_STORE, "x-content-type-options": "nosniff", "hookback-execution-id": ID };
const NOT_FOUND = {
  type: "urn:hookback:problem:not-found",
  title: "Not Found",
  status: 404,
  detail: "There is nothing here.",
  code: "not-found",
};

const answer = (status: number, value: unknown, type = "application/json") =>
  Response.json(value, { status, headers: { ...NO_STORE, "content-type": type } });

const LOCATION = `http://127.0.0.1:8787/bench/in/executions/${ID}`;
const ACCEPTED = { ...NO_STORE, "hookback-execution-id": ID, location: LOCATION };
const accepted = (seq: number) =>
  Response.json({ executionId: ID, status: "queued", seq }, { status: 202, headers: ACCEPTED });

async function receive(request: Request, env: Env): Promise<Message> {
  if (Number(request.headers.get("content-length")) <= INLINE_BYTES) return { bytes: await request.arrayBuffer() };
  const key = crypto.randomUUID();
  await env.BODIES.put(key, request.body);
  return { key };
}
