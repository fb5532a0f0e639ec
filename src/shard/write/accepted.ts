import type { Outcome } from "../queries.ts";

/** The answer to the sender of a message: its execution, and the state of that. */
export interface Accepted {
  readonly executionId: string;
  readonly seq: number;
  readonly outcome: Outcome;
  /** The message is a repeated one: the execution is that of the first (ND13). */
  readonly isReplayed: boolean;
}
