/** The way of every change of an execution: written, told to those who wait, what it replaced forgotten, and on. */
import { isFinished } from "../core/execution/execution.ts";
import type { FlowSnapshot } from "../core/execution/snapshot.ts";
import { dropBodies } from "../storage/bodies/bodies.ts";
import type { Execution } from "../storage/sql/execution-row.ts";
import type { Executions } from "../storage/sql/executions.ts";
import type { Queries } from "./queries.ts";
import type { ResultWaiters } from "./run/result-waiters.ts";
import type { Change, Ledger } from "./write/transitions.ts";

interface ChangesParts {
  readonly ledger: Ledger;
  readonly executions: Executions;
  readonly queries: Queries;
  readonly waiters: ResultWaiters;
  readonly bucket: R2Bucket;
  /** Starts what may start now. */
  readonly kick: () => void;
}

export class Changes {
  readonly #parts: ChangesParts;

  constructor(parts: ChangesParts) {
    this.#parts = parts;
  }

  /** See {@link Ledger.change}. */
  async apply(sequence: number, decide: (execution: Execution, snapshot: FlowSnapshot) => Change | null) {
    const { ledger, executions, queries, waiters, bucket, kick } = this.#parts;
    const changed = await ledger.change(sequence, decide);
    if (!changed || changed.change.isNoteOnly) return changed;
    if (isFinished(changed.change.progress)) {
      waiters.ended(sequence, () => queries.outcome(sequence));
      executions.forget(sequence);
    }
    kick();
    const replaced = changed.change.message && changed.before.message?.key;
    if (replaced) await dropBodies(bucket, [replaced]);
    return changed;
  }
}
