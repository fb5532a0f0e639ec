/** The shard: executions of a workspace as rows, their lanes, and one alarm. The only stateful part of the gateway. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config.ts";
import { isFinished } from "../core/execution/execution.ts";
import type { Body } from "../core/message/body.ts";
import type { CallbackSettings } from "../core/schema/callback.ts";
import type { ExecutionDetail, LaneView } from "../core/schema/views.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { dropBodies } from "../storage/bodies/bodies.ts";
import type { CallbackFilter, Minted } from "./callbacks/admin.ts";
import type { CallbackCall, UseAnswer } from "./callbacks/calls.ts";
import { readCounters, type ShardCounters } from "./observe/counters.ts";
import type { LaneAction, Operated } from "./operations.ts";
import { assemble, type Parts } from "./parts.ts";
import type { ListFilter, ListPart, Outcome, Source } from "./queries.ts";
import { type AdapterAnswer, type AdapterCallback, judgeAdapterCallback } from "./results/adapter-callback.ts";
import { type CallbackAnswer, expireWait, judgeCallback, type LinkCallback } from "./results/link-callback.ts";
import { AFTER_BUG_MS } from "./run/dispatcher.ts";
import { guard } from "./upkeep/guard.ts";
import type { Accepted } from "./write/receipt.ts";
import type { Arrival, Full, Ledger } from "./write/transitions.ts";

const BEGUN: Outcome = { status: "queued" };
/** Of an execution whose row is deleted: it had ended, however that was. */
const GONE: Outcome = { status: "cancelled" };

export class Shard extends DurableObject<Env> {
  readonly #parts: Parts;

  /** @param mostBytes see {@link assemble}; the platform names none. */
  constructor(ctx: DurableObjectState, env: Env, mostBytes?: number) {
    super(ctx, env);
    this.#parts = assemble(ctx, env, mostBytes);
    this.#parts.ledger.recover();
    this.#armSweep();
    this.#parts.dispatcher.kick();
  }

  /**
   * Takes a message in. Answers once it is durable, or, with `waitMs`, once it has ended or that time is over.
   *
   * @param sentBefore when the same arrival was sent for the first time, epoch ms, if its answer was lost.
   * @returns why the shard takes no more; `conflict` when the idempotency key stands for another message.
   */
  async accept(arrival: Arrival, waitMs: number, sentBefore?: number): Promise<Accepted | Full | "conflict"> {
    const { ledger, waiters, dispatcher, queries, id } = this.#parts;
    const accepted = await ledger.accept(arrival, sentBefore);
    if (typeof accepted === "string") return accepted;
    const { sequence, as } = accepted;
    const isReplayed = as === "replayed";
    const { input, message } = arrival;
    if (isReplayed) await dropBodies(this.env.BODIES, message ? [input, message] : [input]);
    const before = as === "new" ? null : (queries.outcome(sequence) ?? GONE);
    const isOpen = before === null || !isFinished(before);
    const ended = isOpen && waitMs > 0 ? waiters.wait(sequence, waitMs) : null;
    dispatcher.kick();
    const outcome = ended ? ((await ended) ?? queries.outcome(sequence) ?? GONE) : (before ?? BEGUN);
    return { executionId: id("execution", sequence), seq: sequence, outcome, isReplayed };
  }

  /** See {@link Ledger.claimRoute}. */
  async claimRoute(
    key: { key: string; fingerprint: string },
    shard: number,
  ): Promise<number | "database-full" | "conflict"> {
    return this.#parts.ledger.claimRoute(key, shard);
  }

  /** How an execution of a trigger stands; null when there is none. */
  async outcome(sequence: number, workspaceId: string, trigger: string): Promise<Outcome | null> {
    const found = this.#parts.queries.loadOf(workspaceId, sequence);
    return found?.snapshot.trigger === trigger ? this.#parts.queries.outcome(sequence) : null;
  }

  /** Takes the callback of an async step. */
  async answer(callback: LinkCallback): Promise<CallbackAnswer> {
    const { sequence, body } = callback;
    let answer: CallbackAnswer = "unknown";
    const changed = await this.#parts.changes.apply(sequence, (execution, snapshot) => {
      const judged = judgeCallback(callback, execution, snapshot, this.#parts.queries.isSending(sequence));
      answer = judged.answer;
      return judged.change;
    });
    if (!changed?.change.message) await dropBodies(this.env.BODIES, [body]);
    return answer;
  }

  /** Takes the callback of an adapter. */
  async answerAdapter(callback: AdapterCallback): Promise<AdapterAnswer> {
    const { sequence, said } = callback;
    let answer: AdapterAnswer = callback.isExpired ? "expired" : "already-answered";
    const changed = await this.#parts.changes.apply(sequence, (execution, snapshot) => {
      const judged = judgeAdapterCallback(callback, execution, snapshot, this.#parts.queries.isSending(sequence));
      answer = judged.answer;
      return judged.change;
    });
    if ("body" in said && said.body && !changed?.change.message) await dropBodies(this.env.BODIES, [said.body]);
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
    await this.#parts.operations.releaseLanes(workspaceId);
    this.#parts.dispatcher.kick();
  }

  async listLanes(workspaceId: string, after: string, limit: number): Promise<{ name: string; lane: LaneView }[]> {
    return this.#parts.operations.listLanes(workspaceId, after, limit);
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, actor: string): Promise<Operated> {
    const operated = await this.#parts.operations.operateLane(id, workspaceId, action, actor);
    this.#parts.dispatcher.kick();
    return operated;
  }

  async counters(): Promise<ShardCounters> {
    const { counters, open, quota } = this.#parts;
    return readCounters(counters, open, quota, Date.now());
  }

  async mintCallback(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<Minted | "database-full"> {
    const { callbackAdmin, clock, housekeeping } = this.#parts;
    const minted = await callbackAdmin.mint(workspace, origin, settings);
    clock.arm(housekeeping.nextAt, Date.now());
    return minted;
  }

  async useCallback(call: CallbackCall): Promise<UseAnswer> {
    const answer = await this.#parts.use.use(call);
    this.#parts.dispatcher.kick();
    return answer;
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

  /** Never throws: the platform would ring six times more and then never again. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#parts.clock.rang();
    // Begun first: it makes quota for what is written below.
    const tidied = guard("housekeeping failed", () =>
      dropBodies(this.env.BODIES, this.#parts.housekeeping.run(now, this.#parts.ledger.lastSequence)),
    );
    const due = this.#parts.open.takeDue(now).map((sequence) =>
      guard(
        "a timed execution could not go on",
        () => this.#whenDue(sequence, now),
        () => this.#parts.open.postpone(sequence, now + AFTER_BUG_MS),
      ),
    );
    this.#parts.dispatcher.kick();
    await Promise.all([tidied, ...due]);
    this.#parts.ledger.arm(Date.now());
    this.#armSweep();
  }

  /** Housekeeping needs the alarm as long as there are rows. */
  #armSweep(): void {
    const { executions, callbackAdmin, snapshots } = this.#parts;
    if (executions.lastSequence() === 0 && callbackAdmin.isEmpty && snapshots.isDone) return;
    this.#parts.clock.arm(this.#parts.housekeeping.nextAt, Date.now());
  }

  /** A retry is made, a wait has lasted too long. */
  async #whenDue(sequence: number, now: number): Promise<void> {
    const { execution } = this.#parts.queries.load(sequence) ?? {};
    if (execution?.status !== "waiting") return this.#parts.open.resume(sequence);
    const isOver = await this.#parts.changes.apply(sequence, (current, snapshot) => expireWait(current, snapshot, now));
    // The row is asked, not memory: it may have a later time than memory had.
    if (!isOver && this.#parts.open.get(sequence)?.state === "timed" && execution.dueAt !== null) {
      this.#parts.open.postpone(sequence, execution.dueAt);
    }
  }
}
