/**
 * Configuration records in KV: validated once per load, remembered in the isolate for seconds.
 *
 * KV is eventually consistent: a change is seen at once in the isolate that made it, elsewhere within a minute.
 */
import type { z } from "zod";

/** How long an isolate trusts what it has read, in ms. */
const FRESH_MS = 10_000;
/** How long the location's own KV cache may answer, in seconds; 30 is the platform's least. */
const CACHE_TTL_SECONDS = 30;
/** Entries an isolate remembers, absences included. The oldest go first. */
const REMEMBERED = 5_000;
/** What one bulk read may name. */
const BULK = 100;

interface Remembered<T> {
  readonly value: T;
  readonly at: number;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/** What this isolate has read, by KV key, and lists by their prefix. Shared by all that read the one namespace. */
const records = new Map<string, Remembered<unknown>>();
const lists = new Map<string, Remembered<unknown[]>>();

/** Counts the changes that this isolate has made. */
let changes = 0;

/** All records of one prefix; ids below it are colon-separated paths such as `{workspace id}:{name}`. */
export class Records<T> {
  readonly #kv: KVNamespace;
  readonly #prefix: string;
  readonly #schema: z.ZodType<T>;

  constructor(kv: KVNamespace, prefix: string, schema: z.ZodType<T>) {
    this.#kv = kv;
    this.#prefix = prefix;
    this.#schema = schema;
  }

  get(id: string): Promise<T | null> {
    return remember(records, this.#prefix + id, () => this.#load(id)) as Promise<T | null>;
  }

  /** All records below a path, from memory when they are fresh. For short lists that are read often. */
  all(path: string): Promise<T[]> {
    return remember(lists, this.#prefix + path, async () => {
      const items: T[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<T> | null = await this.page(path, BULK, cursor);
        items.push(...(page?.items ?? []));
        cursor = page?.nextCursor;
      } while (cursor);
      return items;
    }) as Promise<T[]>;
  }

  /** One page of the records below a path, in the order of their names; null for a cursor that no such page gave. */
  async page(path: string, limit: number, cursor?: string): Promise<Page<T> | null> {
    const prefix = `${this.#prefix}${path}`;
    const at = cursor === undefined ? undefined : readCursor(prefix, cursor);
    if (at === null) return null;
    const listed = await this.#kv.list({ prefix, limit: Math.min(limit, BULK), ...(at && { cursor: at }) });
    const names = listed.keys.map(({ name }) => name);
    const values = names.length ? await this.#kv.get<unknown>(names, "json") : new Map<string, unknown>();
    const items = names.flatMap((name) => this.#parse(values.get(name)) ?? []);
    return { items, ...(!listed.list_complete && { nextCursor: writeCursor(prefix, listed.cursor) }) };
  }

  /** How many records there are below a path, counted up to a limit. */
  async count(path: string, upTo: number): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const listed: KVNamespaceListResult<unknown> = await this.#kv.list({
        prefix: this.#prefix + path,
        ...(cursor && { cursor }),
      });
      count += listed.keys.length;
      cursor = listed.list_complete ? undefined : listed.cursor;
    } while (cursor && count < upTo);
    return count;
  }

  async put(id: string, value: T): Promise<void> {
    await this.#kv.put(this.#prefix + id, JSON.stringify(value));
    this.#changed(id, value);
  }

  async delete(id: string): Promise<void> {
    await this.#kv.delete(this.#prefix + id);
    this.#changed(id, null);
  }

  /** Deletes every record below a path. */
  async deleteAll(path: string): Promise<void> {
    let cursor: string | undefined;
    do {
      const listed: KVNamespaceListResult<unknown> = await this.#kv.list({
        prefix: this.#prefix + path,
        ...(cursor && { cursor }),
      });
      for (const { name } of listed.keys) await this.delete(name.slice(this.#prefix.length));
      cursor = listed.list_complete ? undefined : listed.cursor;
    } while (cursor);
  }

  async #load(id: string): Promise<T | null> {
    return this.#parse(await this.#kv.get(this.#prefix + id, { type: "json", cacheTtl: CACHE_TTL_SECONDS }));
  }

  #parse(value: unknown): T | null {
    return value === null || value === undefined ? null : this.#schema.parse(value);
  }

  #changed(id: string, value: T | null): void {
    const key = this.#prefix + id;
    changes++;
    records.set(key, { value, at: Date.now() });
    for (const path of lists.keys()) if (key.startsWith(path)) lists.delete(path);
  }
}

/** The namespace's cursor together with what it is a cursor of: the namespace itself takes any text for one. */
const writeCursor = (prefix: string, cursor: string) =>
  Buffer.from(JSON.stringify([prefix, cursor])).toString("base64url");

function readCursor(prefix: string, text: string): string | null {
  try {
    const [of, cursor] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    return of === prefix && typeof cursor === "string" ? cursor : null;
  } catch {
    return null;
  }
}

/**
 * The value in memory while it is fresh, else a new one. Only values are shared, never promises: a promise belongs to
 * the request that waits for it, and would never resolve for others if that request ended.
 */
async function remember<T>(memory: Map<string, Remembered<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return known.value;
  const before = changes;
  const value = await load();
  // What was read before a change of this isolate may be older than that change.
  if (changes !== before) return value;
  memory.delete(key);
  memory.set(key, { value, at: Date.now() });
  if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value as string);
  return value;
}
