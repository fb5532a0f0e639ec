/** Messages become executions: one row, one commit, then memory. */
import { newProgress } from "../../core/execution/execution.ts";
import type { SnapshotText } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import type { RequestMetadata } from "../../core/message/request-values.ts";
import { NO_TRACE_CONTEXT, type TraceContext } from "../../core/message/trace-context.ts";
import { nextSequence, SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { Write } from "../../storage/sql/database.ts";
import type { DatabaseQuota } from "../../storage/sql/database-quota.ts";
import type { DedupKeys } from "../../storage/sql/dedup-keys.ts";
import type { Execution, SourceCall } from "../../storage/sql/execution-row.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";
import type { Counters } from "../observe/counters.ts";
import { laneRule } from "../queue/lane-rule.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Most unfinished executions of one shard: its memory holds them with a margin. */
const OPEN_LIMIT = 100_000;
/** The clocks of a Worker and of an object differ by no more. */
const CLOCKS_DIFFER_MS = 60_000;

/** A message that is to be accepted. */
export interface Arrival {
  readonly snapshot: SnapshotText;
  readonly lane: string | null;
  readonly origin: string;
  readonly input: Body;
  /** The flow's first message, where it is not the input. */
  readonly message?: Body;
  /** The request beside its body, where the trigger's output template needs it. */
  readonly request?: RequestMetadata | null;
  /** The key by which a repeated message is recognised (ND13). */
  readonly dedup?: { readonly key: string; readonly fingerprint: string };
  /** The call of a callback that brought the message; absent where a trigger did. */
  readonly call?: SourceCall;
  readonly traceContext?: TraceContext;
  /** Chosen by the Worker: finds the message again if the shard breaks off before it answers. */
  readonly submissionId?: string;
  /** Id of the execution whose message this is. */
  readonly resubmittedFrom?: string;
}

/**
 * The sequence of the message's execution. `new`: it begins; `known`: the same arrival was accepted before and its answer
 * was lost; `replayed`: it belongs to an earlier message with the same idempotency key.
 *
 * `conflict`: the key belongs to a message with another body.
 */
type Admission = { readonly sequence: number; readonly as: "new" | "known" | "replayed" } | Full | "conflict";

/** Why a shard accepts nothing: too many executions are unfinished, or its database is nearly full. */
export type Full = "full" | "database-full";

interface AdmitterParts {
  readonly executions: Executions;
  readonly snapshots: Snapshots;
  readonly recoveryIndex: RecoveryIndex;
  readonly dedupKeys: DedupKeys;
  readonly commit: GroupCommit;
  readonly queue: RunQueue;
  readonly counters: Counters;
  readonly quota: DatabaseQuota;
  /** Called when a row was written that no execution comes with, so that its retention is scheduled. */
  readonly onWrite: () => void;
}

export class Admitter {
  readonly #parts: AdmitterParts;
  #lastSequence: number;

  constructor(parts: AdmitterParts) {
    this.#parts = parts;
    this.#lastSequence = Math.max(parts.executions.lastSequence(), parts.recoveryIndex.checkpoint());
  }

  /** The newest key of an execution. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /**
   * Accepts a message. Resolves once it is durable.
   *
   * @param sentBefore time at which the arrival was sent for the first time, epoch ms, if this is the second.
   */
  accept(arrival: Arrival, sentBefore?: number): Promise<Admission> {
    const { dedup } = arrival;
    const { dedupKeys, executions } = this.#parts;
    return this.#parts.commit.run((write) => {
      const now = Date.now();
      const before = sentBefore === undefined ? null : this.#sequenceOf(arrival, sentBefore);
      if (before !== null) return { sequence: before, as: "known" };
      const known = dedup && dedupKeys.find(dedup.key, now);
      if (known && known.fingerprint !== dedup.fingerprint) return "conflict";
      // A repeated arrival shares its bodies with the execution that it finds; another message does not.
      const isSame = known && sentBefore !== undefined && isSubmissionOf(arrival, executions.get(known.value));
      if (known) return { sequence: known.value, as: isSame ? "known" : "replayed" };
      const admitted = this.admit(write, arrival);
      if (typeof admitted === "string") return admitted;
      if (dedup) dedupKeys.put(write, dedup.key, { fingerprint: dedup.fingerprint, value: admitted }, now);
      return { sequence: admitted, as: "new" };
    });
  }

  /**
   * Decides for a key which shard its messages go to: the first answer stays. Needed where the same key could lead to
   * two shards.
   */
  claimRoute(
    { key, fingerprint }: { key: string; fingerprint: string },
    shard: number,
  ): Promise<number | "database-full" | "conflict"> {
    const { dedupKeys, quota, onWrite } = this.#parts;
    return this.#parts.commit.run((write) => {
      const now = Date.now();
      const known = dedupKeys.find(`route ${key}`, now);
      if (known) return known.fingerprint === fingerprint ? known.value : "conflict";
      if (quota.isFull(now)) return "database-full";
      dedupKeys.put(write, `route ${key}`, { fingerprint, value: shard }, now);
      write.after(onWrite);
      return shard;
    });
  }

  /** Makes an execution of a message, as part of a write; returns its sequence. */
  admit(write: Write, arrival: Arrival): number | Full {
    const { lane, origin, input, message = null, call = null, resubmittedFrom = null } = arrival;
    const { request = null, traceContext = NO_TRACE_CONTEXT, submissionId = null } = arrival;
    const { executions, snapshots, queue, counters, quota } = this.#parts;
    const createdAt = Date.now();
    if (queue.size >= OPEN_LIMIT) return "full";
    if (quota.isFull(createdAt)) return "database-full";
    const snapshotId = snapshots.intern(write, arrival.snapshot);
    const sequence = nextSequence(this.#lastSequence, createdAt);
    const source = { call, resubmittedFrom, request, traceContext, submissionId };
    const execution = { ...newProgress(), sequence, snapshotId, lane, origin, createdAt, ...source };
    executions.insert(write, execution, input, message);
    write.after(() => {
      this.#lastSequence = sequence;
      const snapshot = snapshots.get(snapshotId);
      queue.add(execution, laneRule(snapshot));
      counters.opened(snapshot.workspace.name, true);
    });
    return sequence;
  }

  /** The sequence that an arrival got when it was sent before, if it was accepted then. */
  #sequenceOf({ submissionId }: Arrival, sentAt: number): number | null {
    if (submissionId === undefined) return null;
    return this.#parts.executions.withSubmissionId(submissionId, sentAt - CLOCKS_DIFFER_MS - SEQUENCE_EPOCH_MS);
  }
}

const isSubmissionOf = ({ submissionId }: Arrival, execution: Execution | null) =>
  submissionId !== undefined && execution?.submissionId === submissionId;
