/** The shard: executions of a workspace as rows, their lanes, and one alarm. The only stateful part of the gateway. */
import { DurableObject } from "cloudflare:workers";
import { configOf, type Env } from "../config.ts";
import type { Body } from "../protocol/body.ts";
import type { CallbackView } from "../protocol/callback.ts";
import { isFinished } from "../protocol/execution.ts";
import type { ExecutionDetail } from "../protocol/execution-view.ts";
import type { Plan } from "../protocol/plan.ts";
import type { CallbackSettings } from "../protocol/schema/callback.ts";
import type { Step } from "../protocol/schema/flow.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import { mintStateId, type Purpose } from "../protocol/state-id.ts";
import { dropBodies } from "../storage/bodies.ts";
import { Callbacks } from "../storage/callbacks.ts";
import { type ConfigStore, openConfigStore } from "../storage/config-store.ts";
import { type Execution, Executions } from "../storage/executions.ts";
import { Parked } from "../storage/parked.ts";
import { Plans } from "../storage/plans.ts";
import { migrate } from "../storage/schema.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { CallbackDesk } from "./callback-desk.ts";
import { type CallbackCall, CallbackUse, type Claim, type UseAnswer } from "./callback-use.ts";
import { Callers } from "./callers.ts";
import { GroupCommit } from "./group-commit.ts";
import { moveCheckpoint, Sweeper } from "./housekeeping.ts";
import { type Arrival, type Change, Ledger } from "./ledger.ts";
import { OpenExecutions } from "./open-executions.ts";
import { Pump } from "./pump.ts";
import { type ListFilter, type ListPart, type Outcome, Reader } from "./reader.ts";
import { type CallbackAnswer, expireWait, judgeCallback, type LinkCallback } from "./signals.ts";
import { type Attempt, discardAttempt, sendHttp } from "./steps/http.ts";

export interface Receipt {
  readonly executionId: string;
  readonly seq: number;
}

/** After a failure of our own, an execution is tried again so much later. */
const AFTER_BUG_MS = 5_000;

export class Shard extends DurableObject<Env> {
  readonly #config = configOf(this.env);
  readonly #number = Number(this.ctx.id.name);
  readonly #executions: Executions;
  readonly #open = new OpenExecutions();
  readonly #clock: AlarmClock;
  readonly #ledger: Ledger;
  readonly #parked: Parked;
  readonly #sweepers: readonly Sweeper[];
  readonly #desk: CallbackDesk;
  readonly #use: CallbackUse;
  readonly #callers = new Callers();
  readonly #reader: Reader;
  readonly #store: ConfigStore;
  readonly #pump: Pump;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    const executions = new Executions(ctx.storage.sql);
    const plans = new Plans(ctx.storage.sql);
    const parked = new Parked(ctx.storage);
    const [open, clock] = [this.#open, new AlarmClock(ctx.storage)];
    const commit = new GroupCommit(ctx.storage);
    this.#executions = executions;
    this.#clock = clock;
    this.#ledger = new Ledger({ executions, plans, parked, commit, open, clock });
    this.#reader = new Reader(executions, plans, open, (purpose, sequence, run) => this.#id(purpose, sequence, run));
    this.#parked = parked;
    this.#store = openConfigStore(env.CONFIG, this.#config.encryptionKeys);
    const callbacks = new Callbacks(ctx.storage.sql);
    this.#sweepers = [new Sweeper(executions), new Sweeper(callbacks)];
    const claims = new Map<number, Claim>();
    const stateOf = (sequence: number) => this.#id("callback", sequence);
    this.#desk = new CallbackDesk({ callbacks, claims, commit, stateOf });
    this.#use = new CallbackUse({
      ...{ callbacks, claims, commit, stateOf, ledger: this.#ledger, store: this.#store, bucket: env.BODIES },
      allowPrivate: this.#config.allowPrivateDestinations,
      publicUrl: this.#config.publicUrl,
      executionIdOf: (sequence) => this.#id("execution", sequence),
    });
    this.#pump = new Pump({
      open,
      load: (sequence) => this.#reader.load(sequence),
      attempt: (step, execution, plan) => this.#attempt(step, execution, plan),
      record: async (sequence, decide) => (await this.#change(sequence, decide)) !== null,
      discard: (attempt) => discardAttempt(env.BODIES, attempt),
    });
    const checkpoint = parked.checkpoint();
    for (const row of executions.unfinished(checkpoint)) open.add(row, row.sequence < checkpoint);
    if (open.size > 0) this.#ledger.arm(Date.now());
    this.#pump.kick();
  }

  /**
   * Takes a message in. Answers once it is durable, or, with `waitMs`, once it has ended or that time is over.
   *
   * @param onAccepted told the receipt as soon as the message is durable, for a caller that waits.
   * @returns null when the shard is full.
   */
  async accept(
    arrival: Arrival,
    waitMs: number,
    onAccepted?: (receipt: Receipt) => void,
  ): Promise<(Receipt & { readonly outcome: Outcome }) | null> {
    const accepted = await this.#ledger.accept(arrival);
    if (!accepted) return null;
    const { sequence } = accepted;
    const receipt = { executionId: this.#id("execution", sequence), seq: sequence };
    const ended = waitMs > 0 ? this.#callers.wait(sequence, waitMs) : null;
    this.#pump.kick();
    if (!ended) return { ...receipt, outcome: { status: "queued" } };
    // Over RPC this is a promise, and it fails when the caller is gone; the execution does not mind.
    void Promise.resolve(onAccepted?.(receipt)).catch(() => undefined);
    await ended;
    return { ...receipt, outcome: this.#reader.outcome(sequence) ?? { status: "queued" } };
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

  async show(sequence: number, workspaceId: string): Promise<ExecutionDetail | null> {
    return this.#reader.show(sequence, workspaceId);
  }

  async body(sequence: number, workspaceId: string, which: "message" | "input"): Promise<Body | null> {
    return this.#reader.loadOf(workspaceId, sequence) && this.#executions.body(sequence, which);
  }

  async list(filter: ListFilter, before: number | null, limit: number): Promise<ListPart> {
    return this.#reader.list(filter, before, limit);
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
    await guard("housekeeping failed", async () => {
      moveCheckpoint(this.#parked, this.#open, now, this.#ledger.lastSequence);
      await dropBodies(
        this.env.BODIES,
        this.#sweepers.flatMap((sweeper) => sweeper.sweep(now)),
      );
    });
    this.#ledger.arm(Date.now());
    this.#armSweep();
  }

  /** Retention needs the alarm as long as there are rows. */
  #armSweep(): void {
    if (this.#ledger.lastSequence === 0 && this.#desk.isEmpty) return;
    this.#clock.arm(Math.min(...this.#sweepers.map(({ nextAt }) => nextAt)), Date.now());
  }

  /** A retry is made, a wait has lasted too long. */
  async #whenDue(sequence: number, now: number): Promise<void> {
    if (this.#reader.load(sequence)?.execution.status !== "waiting") return this.#open.resume(sequence);
    await this.#change(sequence, (execution, plan) => expireWait(execution, plan, now));
  }

  /** Changes an execution, then tells those who wait, forgets what it replaced, and goes on. */
  async #change(sequence: number, decide: (execution: Execution, plan: Plan) => Change | null) {
    const changed = await this.#ledger.change(sequence, decide);
    if (!changed) return null;
    if (isFinished(changed.change.progress)) this.#callers.ended(sequence);
    this.#pump.kick();
    const replaced = changed.change.message && changed.before.message?.key;
    if (replaced) await dropBodies(this.env.BODIES, [replaced]);
    return changed;
  }

  async #attempt(step: Step, execution: Execution, plan: Plan): Promise<Attempt> {
    const { sequence, run, origin } = execution;
    const message = this.#executions.body(sequence, "message");
    if (!message) throw new Error("an execution has no message");
    return sendHttp(step, {
      bucket: this.env.BODIES,
      secret: (name) => this.#store.secrets.value(plan.workspace.id, name),
      allowPrivateDestinations: this.#config.allowPrivateDestinations,
      workspaceId: plan.workspace.id,
      executionId: this.#id("execution", sequence),
      correlationId: this.#id("correlation", sequence, run),
      run,
      attempt: execution.attempts + 1,
      callbackUrl: `${this.#config.publicUrl ?? origin}/cb`,
      message,
      trigger: plan.trigger,
    });
  }

  #id(purpose: Purpose, sequence: number, run = 0): string {
    return mintStateId(this.#config.signingKeys[0], purpose, { shard: this.#number, sequence, run });
  }
}

/** Does one thing of several; a failure is logged and leaves the others alone. */
async function guard(message: string, job: () => Promise<void>, onError?: () => void): Promise<void> {
  try {
    await job();
  } catch (error) {
    console.error({ message, error: String(error) });
    onError?.();
  }
}
