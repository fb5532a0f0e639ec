/**
 * Configuration records in KV: validated at each load, cached in the isolate for seconds.
 *
 * KV is eventually consistent: the isolate that makes a change sees it at once, others within a minute.
 */
import type { z } from "zod";
import { readCursor, writeCursor } from "../../core/list-cursor.ts";
import { BoundedMap } from "../bounded-map.ts";

/** Lifetime of cached records and lists, in ms. */
const FRESH_MS = 10_000;
/** Lifetime of KV's cache in the location, in seconds; 30 is the platform's minimum. */
const CACHE_TTL_SECONDS = 30;
/** Most entries of a cache, absences included, and most characters of JSON in it. */
const CACHE_ENTRIES = 5_000;
const CACHE_CHARACTERS = 8 * 1024 * 1024;
/** Most keys of one bulk read. */
const BULK = 100;

interface Cached<T> {
  readonly value: T;
  readonly at: number;
}

/** A value with the length of its JSON. */
interface Sized<T> {
  readonly value: T;
  readonly size: number;
}

/** Stored with a record and returned by lists of keys. */
interface Metadata {
  readonly bytes: number;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/** Records by KV key, and lists by prefix. Shared by all users of the namespace. */
const records = new BoundedMap<Cached<unknown>>(CACHE_ENTRIES, CACHE_CHARACTERS);
const lists = new BoundedMap<Cached<unknown[]>>(CACHE_ENTRIES, CACHE_CHARACTERS);

/** Number of changes made by this isolate. */
let changes = 0;

/** Recent writes of this isolate to a key. */
interface Writes {
  /** Number of writes begun. */
  begun: number;
  /** Number of writes in progress. */
  writing: number;
  /** Start of the newest write, epoch ms. */
  at: number;
}

/** Most keys whose writes are tracked, and the longest duration of a write, in ms: an ended request never reports its end. */
const TRACKED_KEYS = 10_000;
const WRITE_LIMIT_MS = 30_000;
const writes = new BoundedMap<Writes>(TRACKED_KEYS, TRACKED_KEYS);

interface Entry<T> extends Sized<T> {
  readonly id: string;
}

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
    return cached(records, this.#prefix + id, () => this.#load(id)) as Promise<T | null>;
  }

  /** All records below a path, cached. For short lists that are read often. */
  all(path: string): Promise<T[]> {
    return cached(lists, this.#prefix + path, async () => {
      const items: Entry<T>[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Entry<T>> | null = await this.entries(path, BULK, cursor);
        items.push(...(page?.items ?? []));
        cursor = page?.nextCursor;
      } while (cursor);
      return { value: items.map(({ value }) => value), size: items.reduce((sum, { size }) => sum + size, 0) };
    }) as Promise<T[]>;
  }

  /** One page of the records below a path, in the order of their ids; null for an invalid cursor. */
  async page(path: string, limit: number, cursor?: string): Promise<Page<T> | null> {
    const page = await this.entries(path, limit, cursor);
    return page && { ...page, items: page.items.map(({ value }) => value) };
  }

  /** Like {@link page}, each record with its id. */
  async entries(path: string, limit: number, cursor?: string): Promise<Page<Entry<T>> | null> {
    const prefix = `${this.#prefix}${path}`;
    const at = cursor === undefined ? undefined : kvCursor(prefix, cursor);
    if (at === null) return null;
    const listed = await this.#kv
      .list({ prefix, limit: Math.min(limit, BULK), ...(at && { cursor: at }) })
      .catch((error: unknown) => {
        // The namespace rejects a cursor that it did not make.
        if (at !== undefined && /\b400\b/.test(String(error))) return null;
        throw error;
      });
    if (!listed) return null;
    const names = listed.keys.map(({ name }) => name);
    const texts = names.length ? await this.#kv.get(names, "text") : new Map<string, string | null>();
    const items = names.flatMap((name) => {
      const { value, size } = this.#parse(texts.get(name) ?? null);
      return value === null ? [] : [{ id: name.slice(this.#prefix.length), value, size }];
    });
    return { items, ...(!listed.list_complete && { nextCursor: writeCursor([prefix, listed.cursor]) }) };
  }

  /** The number and total size of the records below a path, without the record `id`. */
  async usage(path: string, id: string): Promise<{ count: number; bytes: number }> {
    const used = { count: 0, bytes: 0 };
    let cursor: string | undefined;
    do {
      const listed: KVNamespaceListResult<Metadata> = await this.#kv.list({
        prefix: this.#prefix + path,
        ...(cursor && { cursor }),
      });
      const others = listed.keys.filter(({ name }) => name !== this.#prefix + id);
      used.count += others.length;
      for (const { metadata } of others) used.bytes += metadata?.bytes ?? 0;
      cursor = listed.list_complete ? undefined : listed.cursor;
    } while (cursor);
    return used;
  }

  async put(id: string, value: T): Promise<void> {
    const text = JSON.stringify(value);
    const metadata: Metadata = { bytes: Buffer.byteLength(text) };
    await this.#write(id, () => this.#kv.put(this.#prefix + id, text, { metadata }));
    this.#changed(id, { value, size: text.length });
  }

  async delete(id: string): Promise<void> {
    await this.#write(id, () => this.#kv.delete(this.#prefix + id));
    this.#changed(id, { value: null, size: 0 });
  }

  /**
   * Replaces the stored record. Returns false, and writes nothing, if this isolate changes the record at the same time.
   * KV has no conditional write: a change made elsewhere that is not visible here yet can be lost.
   *
   * @param change returns null for no change.
   */
  async replace(id: string, change: (value: T) => T | null): Promise<boolean> {
    const now = writesOf(this.#prefix + id);
    const isBusy = now.writing > 0 && Date.now() - now.at < WRITE_LIMIT_MS;
    const { begun } = now;
    const { value } = await this.#load(id);
    const changed = value === null ? null : change(value);
    if (isBusy || now.begun !== begun) return false;
    if (changed !== null) await this.put(id, changed);
    return true;
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

  async #write(id: string, write: () => Promise<void>): Promise<void> {
    const now = writesOf(this.#prefix + id);
    now.begun++;
    now.writing++;
    now.at = Date.now();
    try {
      await write();
    } finally {
      now.writing--;
    }
  }

  async #load(id: string): Promise<Sized<T | null>> {
    return this.#parse(await this.#kv.get(this.#prefix + id, { type: "text", cacheTtl: CACHE_TTL_SECONDS }));
  }

  #parse(text: string | null): Sized<T | null> {
    return { value: text === null ? null : this.#schema.parse(JSON.parse(text)), size: text?.length ?? 0 };
  }

  #changed(id: string, { value, size }: Sized<T | null>): void {
    const key = this.#prefix + id;
    changes++;
    records.set(key, { value, at: Date.now() }, size);
    for (const path of lists.keys()) if (key.startsWith(path)) lists.delete(path);
  }
}

function writesOf(key: string): Writes {
  const now = writes.get(key) ?? { begun: 0, writing: 0, at: 0 };
  writes.set(key, now, 1);
  return now;
}

/** The namespace's own cursor; null if the cursor is not one of a list of this prefix. */
function kvCursor(prefix: string, text: string): string | null {
  const position = readCursor(text);
  const [of, cursor] = Array.isArray(position) ? position : [];
  return of === prefix && typeof cursor === "string" ? cursor : null;
}

/**
 * The cached value, or a loaded one. Only values are shared, never promises: a promise belongs to the request that awaits
 * it, and would never resolve for others if that request ended.
 */
async function cached<T>(cache: BoundedMap<Cached<T>>, key: string, load: () => Promise<Sized<T>>): Promise<T> {
  const known = cache.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return known.value;
  const before = changes;
  const { value, size } = await load();
  // A value that was loaded during a change by this isolate may be older than the change.
  if (changes === before) cache.set(key, { value, at: Date.now() }, size);
  return value;
}
