/** Table `plans`: flow snapshots, each stored once and found by the hash of its text. */
import type { FlowSnapshot, SnapshotText } from "../../core/execution/snapshot.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { Database, Write } from "./database.ts";

/** Snapshots that an object keeps in memory, and the characters of those that it has parsed. */
const REMEMBERED = 1_000;
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;

const SWEPT_KEY = "plans-swept";

export class Snapshots {
  readonly #database: Database;
  readonly #idOfHash = new BoundedMap<number>(REMEMBERED, REMEMBERED);
  readonly #byId = new BoundedMap<FlowSnapshot>(REMEMBERED, REMEMBERED_CHARACTERS);
  #watcher: (id: number) => void = () => undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The id of a snapshot, which becomes a row where the shard does not have it. */
  intern(write: Write, { hash, text }: SnapshotText): number {
    const known = this.#idOfHash.get(hash) ?? this.#find(hash);
    const id = known ?? this.#newId();
    if (known === undefined) write.exec("INSERT INTO plans (id, hash, plan) VALUES (?, ?, ?)", id, hash, text);
    this.#watcher(id);
    write.after(() => this.#idOfHash.set(hash, id, 1));
    return id;
  }

  get(id: number): FlowSnapshot {
    const known = this.#byId.get(String(id));
    if (known) return known;
    const [row] = this.#database.read<{ plan: string }>("SELECT plan FROM plans WHERE id = ?", id);
    if (!row) throw new Error("an execution has no snapshot");
    const parsed = JSON.parse(row.plan) as FlowSnapshot;
    this.#byId.set(String(id), parsed, row.plan.length);
    return parsed;
  }

  /** Calls `watcher` for each snapshot that an execution is about to refer to. */
  watch(watcher: (id: number) => void): void {
    this.#watcher = watcher;
  }

  /** Up to so many ids, lowest first. */
  ids(limit: number): number[] {
    return this.#database.read<{ id: number }>("SELECT id FROM plans ORDER BY id LIMIT ?", limit).map(({ id }) => id);
  }

  /** Deletes a snapshot that no execution refers to, from the table and from memory. */
  delete(write: Write, id: number): void {
    const [row] = this.#database.read<{ hash: string }>("SELECT hash FROM plans WHERE id = ?", id);
    write.exec("DELETE FROM plans WHERE id = ?", id);
    write.after(() => {
      if (row) this.#idOfHash.delete(row.hash);
      this.#byId.delete(String(id));
    });
  }

  /** When a sweep of the snapshots began last, epoch ms; 0 for never. */
  sweptAt(): number {
    return this.#database.get(SWEPT_KEY) ?? 0;
  }

  markSwept(write: Write, now: number): void {
    write.put(SWEPT_KEY, now);
  }

  #find(hash: string): number | undefined {
    return this.#database.read<{ id: number }>("SELECT id FROM plans WHERE hash = ?", hash)[0]?.id;
  }

  #newId(): number {
    return (this.#database.read<{ last: number | null }>("SELECT MAX(id) AS last FROM plans")[0]?.last ?? 0) + 1;
  }
}
