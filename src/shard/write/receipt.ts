/** What a sender gets for a message. */
import type { Outcome } from "../queries.ts";

export interface Receipt {
  readonly executionId: string;
  readonly seq: number;
}

/** A message that is in, and how its execution stands. */
export interface Accepted extends Receipt {
  readonly outcome: Outcome;
  /** The message had come before: the execution is the earlier one's (ND13). */
  readonly isReplayed: boolean;
}
