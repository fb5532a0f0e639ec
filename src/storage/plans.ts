/** Table `plans`: what executions run, each once, found by the hash of its text. */
import type { Plan, PlanText } from "../protocol/plan.ts";
import { BoundedMap } from "./bounded-map.ts";

/** Plans that an object remembers, and the characters that those may take which it has read. */
const REMEMBERED = 1_000;
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;

export class Plans {
  readonly #sql: SqlStorage;
  readonly #idOfHash = new BoundedMap<number>(REMEMBERED, REMEMBERED);
  readonly #byId = new BoundedMap<Plan>(REMEMBERED, REMEMBERED_CHARACTERS);

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The id of a plan, stored first if the shard does not have it. */
  intern({ hash, text }: PlanText): number {
    const known = this.#idOfHash.get(hash);
    if (known !== undefined) return known;
    const stored = this.#sql.exec<{ id: number }>("SELECT id FROM plans WHERE hash = ?", hash).toArray()[0];
    const { id } =
      stored ??
      this.#sql.exec<{ id: number }>("INSERT INTO plans (hash, plan) VALUES (?, ?) RETURNING id", hash, text).one();
    return id;
  }

  /** Remembers an interned plan once its row is durable. */
  remember({ hash }: PlanText, id: number): void {
    this.#idOfHash.set(hash, id, 1);
  }

  get(id: number): Plan {
    const known = this.#byId.get(String(id));
    if (known) return known;
    const { plan } = this.#sql.exec<{ plan: string }>("SELECT plan FROM plans WHERE id = ?", id).one();
    const parsed = JSON.parse(plan) as Plan;
    this.#byId.set(String(id), parsed, plan.length);
    return parsed;
  }
}
