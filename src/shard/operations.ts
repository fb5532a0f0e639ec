/** What operators do with executions and lanes: try again, take up again, cancel, skip, pause. */
import { createHash } from "node:crypto";
import { type Body, isStored } from "../protocol/body.ts";
import { cancelled, isFinished, isRetryable, retried } from "../protocol/execution.ts";
import type { LaneView } from "../protocol/lane-view.ts";
import type { Plan, PlanText } from "../protocol/plan.ts";
import type { RequestFacts } from "../protocol/request-values.ts";
import { bodyKey, dropBodies, sendBody } from "../storage/bodies.ts";
import type { Execution, Executions } from "../storage/executions.ts";
import type { Lanes } from "../storage/lanes.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Lane } from "./lane.ts";
import type { Change, Ledger } from "./ledger.ts";
import type { OpenExecutions } from "./open-executions.ts";
import type { Reader } from "./reader.ts";
import { runTriggerTemplate } from "./steps/transform.ts";

/** `unfit`: the execution or lane is not in a state for this. */
export type Operated = "done" | "unknown" | "unfit";

export type LaneAction = "retry" | "skip" | "pause" | "resume";

interface OperationParts {
  readonly executions: Executions;
  readonly lanes: Lanes;
  readonly open: OpenExecutions;
  readonly commit: GroupCommit;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly bucket: R2Bucket;
  readonly shard: number;
  readonly executionIdOf: (sequence: number) => string;
  /** Writes a change, tells those who wait, and goes on. */
  readonly change: (sequence: number, decide: (execution: Execution, plan: Plan) => Change | null) => Promise<unknown>;
}

export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** Goes on at the step that failed. */
  retry(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, plan) => {
      if (!isRetryable(execution)) return null;
      const note = { level: "info" as const, message: `Retried by ${who}` };
      return { progress: retried(execution, plan, note, Date.now()) };
    });
  }

  /** Ends an execution before its time; its place in the lane is free. */
  cancel(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, plan) => {
      if (isFinished(execution)) return null;
      const note = { level: "warning" as const, message: `Cancelled by ${who}` };
      return { progress: cancelled(execution, plan, note, Date.now()) };
    });
  }

  /**
   * Takes the message of an execution up again, as a new one.
   *
   * @param plan what the new one runs; null for what the old one ran.
   */
  async resubmit(sequence: number, workspaceId: string, plan: PlanText | null): Promise<number | "unknown" | "full"> {
    const { reader, executions, ledger, bucket } = this.#parts;
    const found = reader.loadOf(workspaceId, sequence);
    const body = found && executions.body(sequence, "input");
    if (!found || !body) return "unknown";
    const input = await this.#copy(body, workspaceId);
    if (!input) return "unknown";
    const { lane, origin, planId, call, request } = found.execution;
    const runs = plan ?? this.#parts.reader.planText(planId);
    const message = await this.#startOf(runs, request, input, workspaceId);
    const accepted = await ledger.accept({
      ...{ plan: runs, lane, origin, input, request, resubmittedFrom: this.#parts.executionIdOf(sequence) },
      ...(message && { message }),
      ...(call && { call }),
    });
    if (typeof accepted !== "string") return accepted.sequence;
    await dropBodies(bucket, message ? [input, message] : [input]);
    return "full";
  }

  /** Ordered lanes of a workspace in the order of their names, from behind a name on. */
  listLanes(workspaceId: string, after: string, limit: number): { name: string; lane: LaneView }[] {
    const prefix = `${workspaceId}/`;
    const names = [...this.#parts.open.lanes().keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const shown: { name: string; lane: LaneView }[] = [];
    for (const name of names) {
      const lane = this.#parts.open.lanes().get(name);
      const view = lane && this.#show(name, lane);
      if (view) shown.push({ name, lane: view });
      if (shown.length >= limit) break;
    }
    return shown;
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, who: string): Promise<Operated> {
    const [name, lane] = this.#find(id, workspaceId) ?? [];
    if (name === undefined || !lane) return "unknown";
    if (action === "retry") return lane.blocked ? this.retry(lane.blocked.by, workspaceId, who) : "unfit";
    if (action === "skip" && !lane.blocked) return "unfit";
    const isPaused = action === "pause" || (action === "skip" && lane.isPaused);
    const blocked = action === "pause" ? lane.blocked : null;
    await this.#parts.commit.run(() => {
      this.#parts.lanes.put({ lane: name, blocked, isPaused });
      Object.assign(lane, { blocked, isPaused });
      this.#parts.open.advance(name);
      this.#parts.ledger.arm(Date.now());
    });
    return "done";
  }

  async #change(
    sequence: number,
    workspaceId: string,
    decide: (execution: Execution, plan: Plan) => Change | null,
  ): Promise<Operated> {
    if (!this.#parts.reader.loadOf(workspaceId, sequence)) return "unknown";
    return (await this.#parts.change(sequence, decide)) ? "done" : "unfit";
  }

  /** What the flow starts with, where the trigger's input template makes something of the message. */
  async #startOf(runs: PlanText, request: RequestFacts | null, input: Body, workspaceId: string): Promise<Body | null> {
    const template = (JSON.parse(runs.text) as Plan).input;
    if (template === undefined) return null;
    const place = { bucket: this.#parts.bucket, workspaceId };
    const made = await runTriggerTemplate("input", template, place, { request, input, message: input });
    return made.kind === "replied" ? made.body : null;
  }

  /** A body of one's own: two rows never share an object. */
  async #copy(body: Body, workspaceId: string): Promise<Body | null> {
    if (!isStored(body)) return body;
    const content = await sendBody(this.#parts.bucket, body);
    if (content === null) return null;
    const key = bodyKey(workspaceId, crypto.randomUUID());
    await this.#parts.bucket.put(key, content);
    return { ...body, key };
  }

  #find(id: string, workspaceId: string): [string, Lane] | undefined {
    for (const [name, lane] of this.#parts.open.lanes()) {
      if (name.startsWith(`${workspaceId}/`) && laneId(this.#parts.shard, name) === id) return [name, lane];
    }
    return undefined;
  }

  #show(name: string, lane: Lane): LaneView | null {
    const { reader, shard, executionIdOf } = this.#parts;
    const found = lane.head === undefined ? null : reader.load(lane.head);
    if (found && !found.plan.queue?.isOrdered) return null;
    const [, trigger = "", key = null] = /^[^/]*\/([^/]*)(?:\/(.*))?$/s.exec(name) ?? [];
    return {
      id: laneId(shard, name),
      ...{ trigger, key, depth: lane.depth },
      head: found && {
        executionId: executionIdOf(found.execution.sequence),
        seq: found.execution.sequence,
        status: reader.isSending(found.execution.sequence) ? "running" : found.execution.status,
        createdAt: new Date(found.execution.createdAt).toISOString(),
      },
      blockedSince: lane.blocked && new Date(lane.blocked.at).toISOString(),
      paused: lane.isPaused,
    };
  }
}

/** A lane's id names its shard and, by a hash, the lane: names may hold whatever a message did. */
const laneId = (shard: number, name: string) =>
  `${shard}.${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;
