/** The way of every change of an execution: written, told to those who wait, what it replaced forgotten, and on. */
import { isFinished } from "../protocol/execution.ts";
import type { Plan } from "../protocol/plan.ts";
import { dropBodies } from "../storage/bodies.ts";
import type { Execution } from "../storage/execution-row.ts";
import type { Executions } from "../storage/executions.ts";
import type { Callers } from "./callers.ts";
import type { Change, Ledger } from "./ledger.ts";
import type { Reader } from "./reader.ts";

interface ChangesParts {
  readonly ledger: Ledger;
  readonly executions: Executions;
  readonly reader: Reader;
  readonly callers: Callers;
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
  async apply(sequence: number, decide: (execution: Execution, plan: Plan) => Change | null) {
    const { ledger, executions, reader, callers, bucket, kick } = this.#parts;
    const changed = await ledger.change(sequence, decide);
    if (!changed || changed.change.isNoteOnly) return changed;
    if (isFinished(changed.change.progress)) {
      callers.ended(sequence, () => reader.outcome(sequence));
      executions.forget(sequence);
    }
    kick();
    const replaced = changed.change.message && changed.before.message?.key;
    if (replaced) await dropBodies(bucket, [replaced]);
    return changed;
  }
}
