/** The shard: executions and callbacks of workspaces as rows, their lanes, and one alarm. The only stateful object. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config.ts";
import { isFinished } from "../core/execution/execution.ts";
import type { Body } from "../core/message/body.ts";
import type { CallbackSettings } from "../core/schema/callback.ts";
import type { ExecutionDetail, LaneView } from "../core/schema/views.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { ownBodies } from "../storage/bodies/owned-bodies.ts";
import type { CallbackFilter, Minted } from "./callbacks/admin.ts";
import type { CallbackCall } from "./callbacks/call-result.ts";
import type { UseAnswer } from "./callbacks/calls.ts";
import { readCounters, type ShardCounters } from "./observe/counters.ts";
import type { LaneAction, Operated } from "./operations.ts";
import { assemble, type Parts } from "./parts.ts";
import type { ListFilter, ListPart, Outcome, Source } from "./queries.ts";
import { recoverQueue } from "./queue/recovery.ts";
import { type AdapterAnswer, type AdapterCallback, applyAdapterCallback } from "./results/adapter-callback.ts";
import { applyLinkCallback, type CallbackAnswer, type LinkCallback } from "./results/link-callback.ts";
import { expireWait } from "./results/waiting.ts";
import { AFTER_BUG_MS } from "./run/dispatcher.ts";
import { guard } from "./upkeep/guard.ts";
import type { Accepted } from "./write/accepted.ts";
import type { Admitter, Arrival, Full } from "./write/admission.ts";

const QUEUED: Outcome = { status: "queued" };
/** The outcome of an execution whose row is deleted: it had ended. */
const DELETED: Outcome = { status: "cancelled" };

export class Shard extends DurableObject<Env> {
  readonly #parts: Parts;

  /** @param mostBytes see {@link assemble}; the platform passes none. */
  constructor(ctx: DurableObjectState, env: Env, mostBytes?: number) {
    super(ctx, env);
    this.#parts = assemble(ctx, env, mostBytes);
    recoverQueue(this.#parts);
    this.#parts.wakeUp.arm(Date.now());
  }

  /**
   * Accepts a message. Returns once it is durable; with `waitMs`, once it has ended or that time is over.
   *
   * @param sentBefore time at which the arrival was sent for the first time, epoch ms, if its answer was lost.
   * @returns why the shard accepts nothing; `conflict` when the idempotency key belongs to another message.
   */
  async accept(arrival: Arrival, waitMs: number, sentBefore?: number): Promise<Accepted | Full | "conflict"> {
    const { admitter, waiters, queries, id } = this.#parts;
    await using bodies = ownBodies(this.env.BODIES);
    const admission = await admitter.accept(arrival, sentBefore);
    if (typeof admission === "string") return admission;
    const { sequence, as } = admission;
    const isReplayed = as === "replayed";
    if (isReplayed) for (const body of [arrival.input, arrival.message]) bodies.own(body);
    const before = as === "new" ? QUEUED : (queries.outcome(sequence) ?? DELETED);
    const ended = isFinished(before) || waitMs === 0 ? null : waiters.wait(sequence, waitMs);
    const outcome = ended ? ((await ended) ?? queries.outcome(sequence) ?? DELETED) : before;
    return { executionId: id("execution", sequence), seq: sequence, outcome, isReplayed };
  }

  /** See {@link Admitter.claimRoute}. */
  async claimRoute(...claim: Parameters<Admitter["claimRoute"]>): Promise<number | "database-full" | "conflict"> {
    return this.#parts.admitter.claimRoute(...claim);
  }

  /** The state of an execution of a trigger; null when there is no such execution. */
  async outcome(sequence: number, workspaceId: string, trigger: string): Promise<Outcome | null> {
    const found = this.#parts.queries.loadOf(workspaceId, sequence);
    return found?.snapshot.trigger === trigger ? this.#parts.queries.outcome(sequence) : null;
  }

  /** Applies the callback of an asynchronous step. */
  async answer(callback: LinkCallback): Promise<CallbackAnswer> {
    const { sequence, body } = callback;
    await using bodies = ownBodies(this.env.BODIES);
    let answer: CallbackAnswer = "unknown";
    const change = await this.#parts.transitions.apply(sequence, (execution, snapshot) => {
      const applied = applyLinkCallback(callback, execution, snapshot, this.#parts.queries.isSending(sequence));
      answer = applied.answer;
      return applied.change;
    });
    if (!change?.message) bodies.own(body);
    return answer;
  }

  /** Applies the callback of an adapter. */
  async answerAdapter(callback: AdapterCallback): Promise<AdapterAnswer> {
    const { sequence, content } = callback;
    await using bodies = ownBodies(this.env.BODIES);
    let answer: AdapterAnswer = callback.isExpired ? "expired" : "already-answered";
    const change = await this.#parts.transitions.apply(sequence, (execution, snapshot) => {
      const applied = applyAdapterCallback(callback, execution, snapshot, this.#parts.queries.isSending(sequence));
      answer = applied.answer;
      return applied.change;
    });
    if ("body" in content && !change?.message) bodies.own(content.body);
    return answer;
  }

  async show(sequence: number, workspaceId: string): Promise<ExecutionDetail | null> {
    return this.#parts.queries.show(sequence, workspaceId);
  }

  async body(sequence: number, workspaceId: string, which: "message" | "input"): Promise<Body | null> {
    return this.#parts.queries.loadOf(workspaceId, sequence) && this.#parts.executions.body(sequence, which);
  }

  async list(filter: ListFilter, before: number | null, limit: number): Promise<ListPart> {
    return this.#parts.queries.list(filter, before, limit);
  }

  async retry(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#parts.operations.retry(sequence, workspaceId, actor);
  }

  async cancel(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#parts.operations.cancel(sequence, workspaceId, actor);
  }

  async source(sequence: number, workspaceId: string): Promise<Source | null> {
    return this.#parts.queries.source(sequence, workspaceId);
  }

  async releaseLanes(workspaceId: string): Promise<void> {
    return this.#parts.operations.releaseLanes(workspaceId);
  }

  async listLanes(workspaceId: string, after: string, limit: number): Promise<{ name: string; lane: LaneView }[]> {
    return this.#parts.operations.listLanes(workspaceId, after, limit);
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, actor: string): Promise<Operated> {
    return this.#parts.operations.operateLane(id, workspaceId, action, actor);
  }

  async counters(): Promise<ShardCounters> {
    const { counters, queue, quota } = this.#parts;
    return readCounters(counters, queue, quota, Date.now());
  }

  async mintCallback(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<Minted | "database-full"> {
    return this.#parts.callbackAdmin.mint(workspace, origin, settings);
  }

  async useCallback(call: CallbackCall): Promise<UseAnswer> {
    return this.#parts.callbackCalls.use(call);
  }

  async closeCallback(sequence: number, workspace: Pick<Workspace, "id" | "retentionDays">): Promise<boolean> {
    return this.#parts.callbackAdmin.close(sequence, workspace);
  }

  async showCallback(sequence: number, workspaceId: string) {
    return this.#parts.callbackAdmin.show(sequence, workspaceId);
  }

  async callBody(sequence: number, workspaceId: string, number: number): Promise<Body | null> {
    return this.#parts.callbackAdmin.storedBody(sequence, workspaceId, number);
  }

  async listCallbacks(filter: CallbackFilter, before: number | null, limit: number) {
    return this.#parts.callbackAdmin.list(filter, before, limit);
  }

  /** Never throws: the platform would retry it six times and then never again. */
  override async alarm(): Promise<void> {
    const { alarm, retention, queue, wakeUp } = this.#parts;
    const now = Date.now();
    alarm.rang();
    // Done first, because it frees the space for the writes below.
    retention.run(now);
    const due = queue.takeDue(now).map((sequence) =>
      guard(
        "a timed execution could not go on",
        () => this.#goOn(sequence, now),
        () => queue.postpone(sequence, now + AFTER_BUG_MS),
      ),
    );
    await Promise.all(due);
    wakeUp.arm(Date.now());
  }

  /** An execution is due: it makes its next attempt, or its waiting limit is over. */
  async #goOn(sequence: number, now: number): Promise<void> {
    const { queries, queue, transitions } = this.#parts;
    const { execution } = queries.load(sequence) ?? {};
    if (execution?.status !== "waiting") return queue.resume(sequence);
    const isOver = await transitions.apply(sequence, (current, snapshot) => expireWait(current, snapshot, now));
    // The row decides and not memory: it may have a later time.
    if (!isOver && queue.get(sequence)?.state === "timed" && execution.dueAt !== null) {
      queue.postpone(sequence, execution.dueAt);
    }
  }
}
