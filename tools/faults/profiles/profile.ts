/** The kinds of load that a run can put on the gateway. */
import type { Recorder } from "../checks/history.ts";
import type { FaultyGateway } from "../gateway/gateway.ts";
import type { Feature } from "../load/features.ts";
import type { Signals } from "../load/signals.ts";
import type { FaultWorkspace } from "../load/workspace.ts";

export interface Profile {
  readonly features: readonly Feature[];
  /** Shards of the workspace; the gateway's default unless set. */
  readonly shards?: number;
  /** Longest time that all executions may take to end after the load, in ms. */
  readonly drainMs: number;
  /** Partners hold their callbacks back until the load asks for them. */
  readonly holdsCallbacks?: boolean;
  drive(context: LoadContext): Promise<Driven>;
}

/** A gateway that is ready, and everything that a load needs. */
export interface LoadContext {
  readonly gateway: FaultyGateway;
  readonly workspace: FaultWorkspace;
  /** Origin of the partners. */
  readonly partners: string;
  readonly recorder: Recorder;
  readonly signals: Signals;
  readonly seed: number;
  /** Ends all faults: of bindings and of partners. */
  calm(): Promise<void>;
}

export interface Driven {
  /** Numbers and states of minted callbacks. */
  readonly minted: ReadonlyMap<number, string>;
  readonly r2Failures: number;
  readonly staleReads: number;
}
