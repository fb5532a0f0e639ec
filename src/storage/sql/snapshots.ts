/** Table `snapshots`: what executions run, each once, found by the hash of its text. */
import type { FlowSnapshot, SnapshotText } from "../../core/execution/snapshot.ts";
import { BoundedMap } from "../bounded-map.ts";

/** Snapshots that an object remembers, and the characters that those may take which it has read. */
const REMEMBERED = 1_000;
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;

const SWEPT_KEY = "plans-swept";

export class Snapshots {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "kv">;
  readonly #sql: SqlStorage;
  readonly #idOfHash = new BoundedMap<number>(REMEMBERED, REMEMBERED);
  readonly #byId = new BoundedMap<FlowSnapshot>(REMEMBERED, REMEMBERED_CHARACTERS);
  /** Told of each snapshot that an execution is about to refer to. */
  #watcher: (id: number) => void = () => undefined;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "kv">) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  /**
   * The id of a snapshot, stored at once if the shard does not have it. If the write that wants it comes to nothing, the snapshot
   * stays for the next one, or to be swept.
   */
  intern({ hash, text }: SnapshotText): number {
    const id = this.#idOfHash.get(hash) ?? this.#find(hash) ?? this.#insert(hash, text);
    this.#watcher(id);
    return id;
  }

  /** Remembers an interned snapshot once its row is durable. */
  remember({ hash }: SnapshotText, id: number): void {
    this.#idOfHash.set(hash, id, 1);
  }

  get(id: number): FlowSnapshot {
    const known = this.#byId.get(String(id));
    if (known) return known;
    const { plan } = this.#sql.exec<{ plan: string }>("SELECT plan FROM plans WHERE id = ?", id).one();
    const parsed = JSON.parse(plan) as FlowSnapshot;
    this.#byId.set(String(id), parsed, plan.length);
    return parsed;
  }

  /** From now on, `watcher` is told of each snapshot that is interned. */
  watch(watcher: (id: number) => void): void {
    this.#watcher = watcher;
  }

  /** Up to so many ids, lowest first. */
  ids(limit: number): number[] {
    const rows = this.#sql.exec<{ id: number }>("SELECT id FROM plans ORDER BY id LIMIT ?", limit).toArray();
    return rows.map(({ id }) => id);
  }

  /** Deletes a snapshot that no execution refers to, from the table and from memory. */
  delete(id: number): void {
    const deleted = this.#sql.exec<{ hash: string }>("DELETE FROM plans WHERE id = ? RETURNING hash", id).toArray();
    for (const { hash } of deleted) this.#idOfHash.delete(hash);
    this.#byId.delete(String(id));
  }

  /** When a sweep over the snapshots began last, epoch ms; 0 for never. */
  sweptAt(): number {
    return this.#storage.kv.get<number>(SWEPT_KEY) ?? 0;
  }

  markSwept(now: number): void {
    this.#storage.kv.put(SWEPT_KEY, now);
  }

  #find(hash: string): number | undefined {
    return this.#sql.exec<{ id: number }>("SELECT id FROM plans WHERE hash = ?", hash).toArray()[0]?.id;
  }

  #insert(hash: string, text: string): number {
    const inserted = "INSERT INTO plans (hash, plan) VALUES (?, ?) RETURNING id";
    return this.#sql.exec<{ id: number }>(inserted, hash, text).one().id;
  }
}
