/** Table `plans`: what executions run, each once, found by the hash of its text. */
import type { Plan, PlanText } from "../protocol/plan.ts";

export class Plans {
  readonly #sql: SqlStorage;
  readonly #idOfHash = new Map<string, number>();
  readonly #byId = new Map<number, Plan>();

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
    this.#idOfHash.set(hash, id);
  }

  get(id: number): Plan {
    const known = this.#byId.get(id);
    if (known) return known;
    const { plan } = this.#sql.exec<{ plan: string }>("SELECT plan FROM plans WHERE id = ?", id).one();
    const parsed = JSON.parse(plan) as Plan;
    this.#byId.set(id, parsed);
    return parsed;
  }
}
