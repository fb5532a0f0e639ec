/** The changes that transitions write. */
import type { Progress } from "../../core/execution/execution.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";

/** The next progress of an execution; without `message` it keeps the message that it has. */
export interface Change {
  readonly progress: Progress;
  readonly message?: Body;
  /** Only the log grows; status and step stay, whatever is under way. */
  readonly isNoteOnly?: boolean;
}

/** Decides on the execution as its row is when the write begins; null leaves it as it is. */
export type Decide = (execution: Execution, snapshot: FlowSnapshot) => Change | null;
