/**
 * Plans that no execution refers to any more. Nothing but a look at every execution tells which those are, so there is
 * one a day at most, in parts: what is interned meanwhile is in use again.
 */
import type { Executions } from "../storage/executions.ts";
import type { Plans } from "../storage/plans.ts";

/** So few plans are not worth the look. */
const FEW = 50;
/** Plans that one sweep is about, lowest ids first: their ids are held in memory. */
const MOST = 10_000;
const SWEEP_EVERY_MS = 24 * 60 * 60_000;
/** When the next part of a sweep is due. */
const GO_ON_MS = 1_000;
/** Executions looked at in one part, or plans deleted: a plan may fill 170 pages. */
const PART = { look: 5_000, delete: 50 };

interface Sweep {
  /** Plans that no execution looked at so far refers to. */
  readonly unused: Set<number>;
  /** Key of the execution at which to go on; null when all are looked at. */
  from: number | null;
}

export class PlanSweeper {
  readonly #plans: Plans;
  readonly #executions: Pick<Executions, "plansIn">;
  readonly #part: typeof PART;
  #sweep: Sweep | null = null;
  /** When there is something to be done again, epoch ms. */
  nextAt = 0;

  constructor(plans: Plans, executions: Pick<Executions, "plansIn">, part = PART) {
    this.#plans = plans;
    this.#executions = executions;
    this.#part = part;
    plans.watch((id) => void this.#sweep?.unused.delete(id));
  }

  /** Whether nothing needs to be done about the plans unless more come. */
  get isDone(): boolean {
    return this.#sweep === null && this.#areFew;
  }

  get #areFew(): boolean {
    return this.#plans.ids(FEW + 1).length <= FEW;
  }

  run(now: number): void {
    if (now < this.nextAt) return;
    this.#sweep ??= this.#begin(now);
    if (this.#sweep) this.#sweep = this.#goOn(this.#sweep);
    this.nextAt = this.#sweep ? now + GO_ON_MS : this.#dueAfter(now);
  }

  /** That it began is written at once, so that an object which is started often does not look more often. */
  #begin(now: number): Sweep | null {
    if (this.#areFew || now - this.#plans.sweptAt() < SWEEP_EVERY_MS) return null;
    this.#plans.markSwept(now);
    return { unused: new Set(this.#plans.ids(MOST)), from: 0 };
  }

  #dueAfter(now: number): number {
    const due = this.#plans.sweptAt() + SWEEP_EVERY_MS;
    return due > now ? due : now + SWEEP_EVERY_MS;
  }

  /** One part: first the executions are looked at, then plans are deleted. */
  #goOn({ unused, from }: Sweep): Sweep | null {
    if (from !== null) {
      const { used, next } = this.#executions.plansIn(from, this.#part.look);
      for (const id of used) unused.delete(id);
      return unused.size > 0 ? { unused, from: next } : null;
    }
    for (const id of [...unused].slice(0, this.#part.delete)) {
      this.#plans.delete(id);
      unused.delete(id);
    }
    return unused.size > 0 ? { unused, from } : null;
  }
}
