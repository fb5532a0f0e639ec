/** What a sender gets for a message. */
import type { Outcome } from "../queries.ts";

/** The execution of a message and how it stands. */
export interface Accepted {
  readonly executionId: string;
  readonly seq: number;
  readonly outcome: Outcome;
  /** The message is a repeated one: the execution is that of the first (ND13). */
  readonly isReplayed: boolean;
}
