/** The shard: executions of a workspace as rows, their lanes, and one alarm. The only stateful part of the gateway. */
import { DurableObject } from "cloudflare:workers";
import { configOf, type Env } from "../config.ts";
import type { Body } from "../protocol/body.ts";
import type { CallbackView } from "../protocol/callback.ts";
import { isFinished } from "../protocol/execution.ts";
import type { ExecutionDetail } from "../protocol/execution-view.ts";
import type { LaneView } from "../protocol/lane-view.ts";
import type { Plan } from "../protocol/plan.ts";
import type { CallbackSettings } from "../protocol/schema/callback.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import { mintStateId, type Purpose } from "../protocol/state-id.ts";
import { dropBodies } from "../storage/bodies.ts";
import { Callbacks } from "../storage/callbacks.ts";
import { openConfigStore } from "../storage/config-store.ts";
import { DedupKeys } from "../storage/dedup-keys.ts";
import { type Execution, Executions } from "../storage/executions.ts";
import { Lanes } from "../storage/lanes.ts";
import { Parked } from "../storage/parked.ts";
import { Plans } from "../storage/plans.ts";
import { migrate } from "../storage/schema.ts";
import { type AdapterAnswer, type AdapterCallback, judgeAdapterCallback } from "./adapter-signal.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { CallbackDesk } from "./callback-desk.ts";
import { type CallbackCall, CallbackUse, type Claim, type UseAnswer } from "./callback-use.ts";
import { Callers } from "./callers.ts";
import { GroupCommit } from "./group-commit.ts";
import { guard } from "./guard.ts";
import { Housekeeping } from "./housekeeping.ts";
import { type Arrival, type Change, Ledger, laneRule } from "./ledger.ts";
import { Meters, readMeters, type ShardMeters } from "./meters.ts";
import { observer } from "./observer.ts";
import { OpenExecutions } from "./open-executions.ts";
import { type LaneAction, type Operated, Operations } from "./operations.ts";
import { Outbound } from "./outbound.ts";
import { AFTER_BUG_MS, Pump } from "./pump.ts";
import { type ListFilter, type ListPart, type Outcome, Reader, type Source } from "./reader.ts";
import type { Accepted, Receipt } from "./receipt.ts";
import { Runner } from "./runner.ts";
import { type CallbackAnswer, expireWait, judgeCallback, type LinkCallback } from "./signals.ts";
import { discardAttempt } from "./steps/attempt.ts";

export class Shard extends DurableObject<Env> {
  readonly #config = configOf(this.env);
  readonly #number = Number(this.ctx.id.name);
  readonly #executions: Executions;
  readonly #open: OpenExecutions;
  readonly #clock: AlarmClock;
  readonly #ledger: Ledger;
  readonly #housekeeping: Housekeeping;
  readonly #desk: CallbackDesk;
  readonly #use: CallbackUse;
  readonly #operations: Operations;
  readonly #callers = new Callers();
  readonly #meters = new Meters();
  readonly #reader: Reader;
  readonly #pump: Pump;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    const executions = new Executions(ctx.storage.sql);
    const plans = new Plans(ctx.storage.sql);
    const parked = new Parked(ctx.storage);
    const open = new OpenExecutions((trigger, withinMs) =>
      executions
        .startsSince(Date.now() - withinMs)
        .flatMap(({ planId, startedAt }) => (laneRule(plans.get(planId)).rate?.trigger === trigger ? startedAt : [])),
    );
    this.#open = open;
    const clock = new AlarmClock(ctx.storage);
    const commit = new GroupCommit(ctx.storage);
    this.#executions = executions;
    this.#clock = clock;
    const lanes = new Lanes(ctx.storage.sql);
    const dedupKeys = new DedupKeys(ctx.storage.sql);
    this.#ledger = new Ledger({
      executions,
      plans,
      parked,
      lanes,
      dedupKeys,
      commit,
      open,
      clock,
      meters: this.#meters,
    });
    const id = (purpose: Purpose, sequence: number, run?: number) => this.#id(purpose, sequence, run);
    this.#reader = new Reader(executions, plans, open, id);
    const store = openConfigStore(env.CONFIG, this.#config.encryptionKeys);
    const callbacks = new Callbacks(ctx.storage.sql);
    this.#housekeeping = new Housekeeping({ executions, callbacks, parked, dedupKeys, open });
    const outbound = new Outbound();
    const isSending = (sequence: number) => this.#reader.isSending(sequence);
    const claims = new Map<number, Claim>();
    const stateOf = (sequence: number) => this.#id("callback", sequence);
    this.#desk = new CallbackDesk({ callbacks, claims, commit, stateOf });
    this.#use = new CallbackUse({
      ...{ callbacks, claims, commit, stateOf, ledger: this.#ledger, store, outbound, bucket: env.BODIES },
      allowPrivate: this.#config.allowPrivateDestinations,
      publicUrl: this.#config.publicUrl,
      executionIdOf: (sequence) => this.#id("execution", sequence),
    });
    this.#pump = new Pump({
      open,
      load: (sequence) => this.#reader.load(sequence),
      runner: new Runner({ executions, store, outbound, bucket: env.BODIES, config: this.#config, isSending, id }),
      record: (sequence, decide) => this.#change(sequence, decide),
      observe: observer(env, this.#meters, (sequence) => this.#id("execution", sequence)),
      discard: (attempt) => discardAttempt(env.BODIES, attempt),
    });
    this.#operations = new Operations({
      ...{ lanes, open, commit, reader: this.#reader, ledger: this.#ledger },
      shard: this.#number,
      executionIdOf: (sequence) => this.#id("execution", sequence),
      change: (sequence, decide) => this.#change(sequence, decide),
    });
    this.#ledger.recover();
    this.#armSweep();
    this.#pump.kick();
  }

  /**
   * Takes a message in. Answers once it is durable, or, with `waitMs`, once it has ended or that time is over.
   *
   * @param onAccepted told the receipt as soon as the message is durable, for a caller that waits.
   * @returns `full` when the shard takes no more, `conflict` when the idempotency key stands for another message.
   */
  async accept(
    arrival: Arrival,
    waitMs: number,
    onAccepted?: (receipt: Receipt) => void,
  ): Promise<Accepted | "full" | "conflict"> {
    const accepted = await this.#ledger.accept(arrival);
    if (typeof accepted === "string") return accepted;
    const { sequence, isReplayed } = accepted;
    if (isReplayed) return this.#replay(sequence, arrival, waitMs);
    const receipt = this.#receipt(sequence);
    const ended = waitMs > 0 ? this.#callers.wait(sequence, waitMs) : null;
    this.#pump.kick();
    if (!ended) return { ...receipt, outcome: { status: "queued" }, isReplayed };
    // Over RPC this is a promise, and it fails when the caller is gone; the execution does not mind.
    void Promise.resolve(onAccepted?.(receipt)).catch(() => undefined);
    await ended;
    return { ...receipt, outcome: this.#reader.outcome(sequence) ?? { status: "queued" }, isReplayed };
  }

  /** See {@link Ledger.claimRoute}. */
  async claimRoute(key: { key: string; fingerprint: string }, shard: number): Promise<number | "conflict"> {
    return this.#ledger.claimRoute(key, shard);
  }

  /** How an execution of a trigger stands, after waiting for its end for up to `waitMs`; null when there is none. */
  async outcome(sequence: number, workspaceId: string, trigger: string, waitMs: number): Promise<Outcome | null> {
    const found = this.#reader.loadOf(workspaceId, sequence);
    if (found?.plan.trigger !== trigger) return null;
    if (waitMs > 0 && !isFinished(found.execution)) await this.#callers.wait(sequence, waitMs);
    return this.#reader.outcome(sequence);
  }

  /** Takes the callback of an async step. */
  async answer(callback: LinkCallback): Promise<CallbackAnswer> {
    const { sequence, body } = callback;
    let answer: CallbackAnswer = "unknown";
    const changed = await this.#change(sequence, (execution, plan) => {
      const judged = judgeCallback(callback, execution, plan, this.#reader.isSending(sequence));
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
    const changed = await this.#change(sequence, (execution, plan) => {
      const judged = judgeAdapterCallback(callback, execution, plan, this.#reader.isSending(sequence));
      answer = judged.answer;
      return judged.change;
    });
    if ("body" in said && said.body && !changed?.change.message) await dropBodies(this.env.BODIES, [said.body]);
    return answer;
  }

  async show(sequence: number, workspaceId: string): Promise<ExecutionDetail | null> {
    return this.#reader.show(sequence, workspaceId);
  }

  async body(sequence: number, workspaceId: string, which: "message" | "input"): Promise<Body | null> {
    return this.#reader.loadOf(workspaceId, sequence) && this.#executions.body(sequence, which);
  }

  async list(filter: ListFilter, before: number | null, limit: number): Promise<ListPart> {
    return this.#reader.list(filter, before, limit);
  }

  async retry(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#operations.retry(sequence, workspaceId, who);
  }

  async cancel(sequence: number, workspaceId: string, who: string): Promise<Operated> {
    return this.#operations.cancel(sequence, workspaceId, who);
  }

  async source(sequence: number, workspaceId: string): Promise<Source | null> {
    return this.#reader.source(sequence, workspaceId);
  }

  async releaseLanes(workspaceId: string): Promise<void> {
    await this.#operations.releaseLanes(workspaceId);
    this.#pump.kick();
  }

  async listLanes(workspaceId: string, after: string, limit: number): Promise<{ name: string; lane: LaneView }[]> {
    return this.#operations.listLanes(workspaceId, after, limit);
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, who: string): Promise<Operated> {
    const operated = await this.#operations.operateLane(id, workspaceId, action, who);
    this.#pump.kick();
    return operated;
  }

  async meters(): Promise<ShardMeters> {
    return readMeters(this.#meters, this.#open, Date.now());
  }

  async mintCallback(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<CallbackView> {
    const minted = await this.#desk.mint(workspace, origin, settings);
    this.#armSweep();
    return minted;
  }

  async useCallback(call: CallbackCall): Promise<UseAnswer> {
    const answer = await this.#use.use(call);
    this.#pump.kick();
    return answer;
  }

  async closeCallback(sequence: number, workspace: Pick<Workspace, "id" | "retentionDays">): Promise<boolean> {
    return this.#desk.close(sequence, workspace);
  }

  async showCallback(sequence: number, workspaceId: string) {
    return this.#desk.show(sequence, workspaceId);
  }

  async callBody(sequence: number, workspaceId: string, number: number): Promise<Body | null> {
    return this.#desk.storedBody(sequence, workspaceId, number);
  }

  async listCallbacks(workspaceId: string, before: number | null, limit: number) {
    return this.#desk.list(workspaceId, before, limit);
  }

  /** Never throws: the platform would ring six times more and then never again. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#clock.rang();
    const due = this.#open.takeDue(now).map((sequence) =>
      guard(
        "a timed execution could not go on",
        () => this.#whenDue(sequence, now),
        () => this.#open.postpone(sequence, now + AFTER_BUG_MS),
      ),
    );
    this.#pump.kick();
    await Promise.all(due);
    await guard("housekeeping failed", () =>
      dropBodies(this.env.BODIES, this.#housekeeping.run(now, this.#ledger.lastSequence)),
    );
    this.#ledger.arm(Date.now());
    this.#armSweep();
  }

  /** Retention needs the alarm as long as there are rows. */
  #armSweep(): void {
    if (this.#executions.lastSequence() === 0 && this.#desk.isEmpty) return;
    this.#clock.arm(this.#housekeeping.nextAt, Date.now());
  }

  /** A retry is made, a wait has lasted too long. */
  async #whenDue(sequence: number, now: number): Promise<void> {
    const { execution } = this.#reader.load(sequence) ?? {};
    if (execution?.status !== "waiting") return this.#open.resume(sequence);
    const isOver = await this.#change(sequence, (current, plan) => expireWait(current, plan, now));
    // The row is asked, not memory: it may have a later time than memory had.
    if (!isOver && this.#open.get(sequence)?.state === "timed" && execution.dueAt !== null) {
      this.#open.postpone(sequence, execution.dueAt);
    }
  }

  /** Changes an execution, then tells those who wait, forgets what it replaced, and goes on. */
  async #change(sequence: number, decide: (execution: Execution, plan: Plan) => Change | null) {
    const changed = await this.#ledger.change(sequence, decide);
    if (!changed || changed.change.isNoteOnly) return changed;
    if (isFinished(changed.change.progress)) this.#callers.ended(sequence);
    this.#pump.kick();
    const replaced = changed.change.message && changed.before.message?.key;
    if (replaced) await dropBodies(this.env.BODIES, [replaced]);
    return changed;
  }

  /** A repeated message: its body is not needed, and the caller gets what the first one gets. */
  async #replay(sequence: number, { input, message }: Arrival, waitMs: number): Promise<Accepted> {
    await dropBodies(this.env.BODIES, message ? [input, message] : [input]);
    const first = this.#reader.outcome(sequence);
    const isOpen = first !== null && !isFinished(first);
    if (isOpen && waitMs > 0) await this.#callers.wait(sequence, waitMs);
    const outcome = this.#reader.outcome(sequence) ?? { status: "cancelled" };
    return { ...this.#receipt(sequence), outcome, isReplayed: true };
  }

  #receipt(sequence: number): Receipt {
    return { executionId: this.#id("execution", sequence), seq: sequence };
  }

  #id(purpose: Purpose, sequence: number, run = 0): string {
    return mintStateId(this.#config.signingKeys[0], purpose, { shard: this.#number, sequence, run });
  }
}
