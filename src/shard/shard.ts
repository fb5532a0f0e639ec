/** The shard: executions of a workspace as rows, their lanes, and one alarm. The only stateful part of the gateway. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config.ts";
import type { Body } from "../protocol/body.ts";
import { isFinished } from "../protocol/execution.ts";
import type { CallbackSettings } from "../protocol/schema/callback.ts";
import type { ExecutionDetail, LaneView } from "../protocol/schema/views.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import { dropBodies } from "../storage/bodies.ts";
import { type AdapterAnswer, type AdapterCallback, judgeAdapterCallback } from "./adapter-signal.ts";
import type { CallbackFilter, Minted } from "./callback-desk.ts";
import type { CallbackCall, UseAnswer } from "./callback-use.ts";
import { guard } from "./guard.ts";
import type { Arrival, Full, Ledger } from "./ledger.ts";
import { readMeters, type ShardMeters } from "./meters.ts";
import type { LaneAction, Operated } from "./operations.ts";
import { assemble, type Parts } from "./parts.ts";
import { AFTER_BUG_MS } from "./pump.ts";
import type { ListFilter, ListPart, Outcome, Source } from "./reader.ts";
import type { Accepted } from "./receipt.ts";
import { type CallbackAnswer, expireWait, judgeCallback, type LinkCallback } from "./signals.ts";

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
    this.#parts.pump.kick();
  }

  /**
   * Takes a message in. Answers once it is durable, or, with `waitMs`, once it has ended or that time is over.
   *
   * @param sentBefore when the same arrival was sent for the first time, epoch ms, if its answer was lost.
   * @returns why the shard takes no more; `conflict` when the idempotency key stands for another message.
   */
  async accept(arrival: Arrival, waitMs: number, sentBefore?: number): Promise<Accepted | Full | "conflict"> {
    const { ledger, callers, pump, reader, id } = this.#parts;
    const accepted = await ledger.accept(arrival, sentBefore);
    if (typeof accepted === "string") return accepted;
    const { sequence, as } = accepted;
    const isReplayed = as === "replayed";
    const { input, message } = arrival;
    if (isReplayed) await dropBodies(this.env.BODIES, message ? [input, message] : [input]);
    const before = as === "new" ? null : (reader.outcome(sequence) ?? GONE);
    const isOpen = before === null || !isFinished(before);
    const ended = isOpen && waitMs > 0 ? callers.wait(sequence, waitMs) : null;
    pump.kick();
    const outcome = ended ? ((await ended) ?? reader.outcome(sequence) ?? GONE) : (before ?? BEGUN);
    return { executionId: id("execution", sequence), seq: sequence, outcome, isReplayed };
  }

  /** See {@link Ledger.claimRoute}. */
  async claimRoute(key: { key: string; fingerprint: string }, shard: number): Promise<number | "no-room" | "conflict"> {
    return this.#parts.ledger.claimRoute(key, shard);
  }

  /** How an execution of a trigger stands; null when there is none. */
  async outcome(sequence: number, workspaceId: string, trigger: string): Promise<Outcome | null> {
    const found = this.#parts.reader.loadOf(workspaceId, sequence);
    return found?.plan.trigger === trigger ? this.#parts.reader.outcome(sequence) : null;
  }

  /** Takes the callback of an async step. */
  async answer(callback: LinkCallback): Promise<CallbackAnswer> {
    const { sequence, body } = callback;
    let answer: CallbackAnswer = "unknown";
    const changed = await this.#parts.changes.apply(sequence, (execution, plan) => {
      const judged = judgeCallback(callback, execution, plan, this.#parts.reader.isSending(sequence));
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
    const changed = await this.#parts.changes.apply(sequence, (execution, plan) => {
      const judged = judgeAdapterCallback(callback, execution, plan, this.#parts.reader.isSending(sequence));
      answer = judged.answer;
      return judged.change;
    });
    if ("body" in said && said.body && !changed?.change.message) await dropBodies(this.env.BODIES, [said.body]);
    return answer;
  }

  async show(sequence: number, workspaceId: string): Promise<ExecutionDetail | null> {
    return this.#parts.reader.show(sequence, workspaceId);
  }

  async body(sequence: number, workspaceId: string, which: "message" | "input"): Promise<Body | null> {
    return this.#parts.reader.loadOf(workspaceId, sequence) && this.#parts.executions.body(sequence, which);
  }

  async list(filter: ListFilter, before: number | null, limit: number): Promise<ListPart> {
    return this.#parts.reader.list(filter, before, limit);
  }

  async retry(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#parts.operations.retry(sequence, workspaceId, who);
  }

  async cancel(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#parts.operations.cancel(sequence, workspaceId, who);
  }

  async source(sequence: number, workspaceId: string): Promise<Source | null> {
    return this.#parts.reader.source(sequence, workspaceId);
  }

  async releaseLanes(workspaceId: string): Promise<void> {
    await this.#parts.operations.releaseLanes(workspaceId);
    this.#parts.pump.kick();
  }

  async listLanes(workspaceId: string, after: string, limit: number): Promise<{ name: string; lane: LaneView }[]> {
    return this.#parts.operations.listLanes(workspaceId, after, limit);
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, who: string): Promise<Operated> {
    const operated = await this.#parts.operations.operateLane(id, workspaceId, action, who);
    this.#parts.pump.kick();
    return operated;
  }

  async meters(): Promise<ShardMeters> {
    const { meters, open, room } = this.#parts;
    return readMeters(meters, open, room, Date.now());
  }

  async mintCallback(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<Minted | "no-room"> {
    const { desk, clock, housekeeping } = this.#parts;
    const minted = await desk.mint(workspace, origin, settings);
    clock.arm(housekeeping.nextAt, Date.now());
    return minted;
  }

  async useCallback(call: CallbackCall): Promise<UseAnswer> {
    const answer = await this.#parts.use.use(call);
    this.#parts.pump.kick();
    return answer;
  }

  async closeCallback(sequence: number, workspace: Pick<Workspace, "id" | "retentionDays">): Promise<boolean> {
    return this.#parts.desk.close(sequence, workspace);
  }

  async showCallback(sequence: number, workspaceId: string) {
    return this.#parts.desk.show(sequence, workspaceId);
  }

  async callBody(sequence: number, workspaceId: string, number: number): Promise<Body | null> {
    return this.#parts.desk.storedBody(sequence, workspaceId, number);
  }

  async listCallbacks(filter: CallbackFilter, before: number | null, limit: number) {
    return this.#parts.desk.list(filter, before, limit);
  }

  /** Never throws: the platform would ring six times more and then never again. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#parts.clock.rang();
    // Begun first: it makes room for what is written below.
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
    this.#parts.pump.kick();
    await Promise.all([tidied, ...due]);
    this.#parts.ledger.arm(Date.now());
    this.#armSweep();
  }

  /** Housekeeping needs the alarm as long as there are rows. */
  #armSweep(): void {
    const { executions, desk, plans } = this.#parts;
    if (executions.lastSequence() === 0 && desk.isEmpty && plans.isDone) return;
    this.#parts.clock.arm(this.#parts.housekeeping.nextAt, Date.now());
  }

  /** A retry is made, a wait has lasted too long. */
  async #whenDue(sequence: number, now: number): Promise<void> {
    const { execution } = this.#parts.reader.load(sequence) ?? {};
    if (execution?.status !== "waiting") return this.#parts.open.resume(sequence);
    const isOver = await this.#parts.changes.apply(sequence, (current, plan) => expireWait(current, plan, now));
    // The row is asked, not memory: it may have a later time than memory had.
    if (!isOver && this.#parts.open.get(sequence)?.state === "timed" && execution.dueAt !== null) {
      this.#parts.open.postpone(sequence, execution.dueAt);
    }
  }
}
