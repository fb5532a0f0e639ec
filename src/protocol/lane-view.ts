/** Lanes as the API shows them (contract.md, `GET /lanes`). */
import type { Status } from "./execution.ts";

export interface LaneView {
  readonly id: string;
  readonly trigger: string;
  readonly key: string | null;
  /** Executions in the lane, its head included. */
  readonly depth: number;
  readonly head: {
    readonly executionId: string;
    readonly seq: number;
    readonly status: Status;
    readonly createdAt: string;
  } | null;
  readonly blockedSince: string | null;
  readonly paused: boolean;
}
