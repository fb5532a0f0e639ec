/**
 * Configuration records in KV: validated once per load, remembered in the isolate for seconds.
 *
 * KV is eventually consistent: a change is seen at once in the isolate that made it, elsewhere within a minute.
 */
import type { z } from "zod";
import { readCursor, writeCursor } from "../../core/list-cursor.ts";
import { BoundedMap } from "../bounded-map.ts";

/** How long an isolate trusts what it has read, in ms. */
const FRESH_MS = 10_000;
/** How long the location's own KV cache may answer, in seconds; 30 is the platform's least. */
const CACHE_TTL_SECONDS = 30;
/** Entries an isolate remembers, absences included, and characters of JSON that they may take. */
const REMEMBERED = 5_000;
const REMEMBERED_CHARACTERS = 8 * 1024 * 1024;
/** What one bulk read may name. */
const BULK = 100;

interface Remembered<T> {
  readonly value: T;
  readonly at: number;
}

/** A value with the length of its JSON. */
interface Sized<T> {
  readonly value: T;
  readonly size: number;
}

/** What is kept beside a record, for lists of keys to tell. */
interface Metadata {
  readonly bytes: number;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/** What this isolate has read, by KV key, and lists by their prefix. Shared by all that read the one namespace. */
const records = new BoundedMap<Remembered<unknown>>(REMEMBERED, REMEMBERED_CHARACTERS);
const lists = new BoundedMap<Remembered<unknown[]>>(REMEMBERED, REMEMBERED_CHARACTERS);

/** Counts the changes that this isolate has made. */
let changes = 0;

/** What this isolate has lately written to a key. */
interface Traffic {
  /** Writes begun. */
  begun: number;
  /** Writes under way. */
  writing: number;
  /** Epoch ms at which the newest was begun. */
  at: number;
}

/** Keys whose traffic is known, and how long a write may be under way, in ms: a request that is ended never says so. */
const WATCHED = 10_000;
const WRITE_MS = 30_000;
const traffic = new BoundedMap<Traffic>(WATCHED, WATCHED);

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
    return remember(records, this.#prefix + id, () => this.#load(id)) as Promise<T | null>;
  }

  /** All records below a path, from memory when they are fresh. For short lists that are read often. */
  all(path: string): Promise<T[]> {
    return remember(lists, this.#prefix + path, async () => {
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

  /** One page of the records below a path, in the order of their names; null for a cursor that no such page gave. */
  async page(path: string, limit: number, cursor?: string): Promise<Page<T> | null> {
    const page = await this.entries(path, limit, cursor);
    return page && { ...page, items: page.items.map(({ value }) => value) };
  }

  /** The same, each record with its id. */
  async entries(path: string, limit: number, cursor?: string): Promise<Page<Entry<T>> | null> {
    const prefix = `${this.#prefix}${path}`;
    const at = cursor === undefined ? undefined : kvCursor(prefix, cursor);
    if (at === null) return null;
    const listed = await this.#kv
      .list({ prefix, limit: Math.min(limit, BULK), ...(at && { cursor: at }) })
      .catch((error: unknown) => {
        // The namespace refuses a cursor that somebody has made up.
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

  /** How many other records there are below a path beside one, and the bytes that they take. */
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
   * Writes another form of a record as it stands in the namespace now; answers false, and writes nothing, where this
   * isolate changes the record at the same time. KV cannot compare before it writes: a change that is made elsewhere
   * within the time that KV needs to tell of it can be undone by this.
   *
   * @param change answers null to leave the record as it is.
   */
  async replace(id: string, change: (value: T) => T | null): Promise<boolean> {
    const now = trafficOf(this.#prefix + id);
    const isBusy = now.writing > 0 && Date.now() - now.at < WRITE_MS;
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
    const now = trafficOf(this.#prefix + id);
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

function trafficOf(key: string): Traffic {
  const now = traffic.get(key) ?? { begun: 0, writing: 0, at: 0 };
  traffic.set(key, now, 1);
  return now;
}

/** The namespace's own cursor, which a list of another prefix gave when it is null. */
function kvCursor(prefix: string, text: string): string | null {
  const position = readCursor(text);
  const [of, cursor] = Array.isArray(position) ? position : [];
  return of === prefix && typeof cursor === "string" ? cursor : null;
}

/**
 * The value in memory while it is fresh, else a new one. Only values are shared, never promises: a promise belongs to
 * the request that waits for it, and would never resolve for others if that request ended.
 */
async function remember<T>(memory: BoundedMap<Remembered<T>>, key: string, load: () => Promise<Sized<T>>): Promise<T> {
  const known = memory.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return known.value;
  const before = changes;
  const { value, size } = await load();
  // What was read before a change of this isolate may be older than that change.
  if (changes === before) memory.set(key, { value, at: Date.now() }, size);
  return value;
}
