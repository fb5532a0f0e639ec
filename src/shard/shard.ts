/** The shard: executions of a workspace as rows, their lanes, and one alarm. The only stateful part of the gateway. */
import { DurableObject } from "cloudflare:workers";
import { configOf, type Env } from "../config.ts";
import type { Body } from "../protocol/body.ts";
import { isFinished, type Status } from "../protocol/execution.ts";
import { detail, type ExecutionDetail, type ExecutionSummary, summarise } from "../protocol/execution-view.ts";
import type { Plan } from "../protocol/plan.ts";
import type { Step } from "../protocol/schema/flow.ts";
import { mintStateId, type Purpose } from "../protocol/state-id.ts";
import { dropBodies } from "../storage/bodies.ts";
import { type Execution, Executions } from "../storage/executions.ts";
import { Parked } from "../storage/parked.ts";
import { Plans } from "../storage/plans.ts";
import { migrate } from "../storage/schema.ts";
import { Secrets } from "../storage/secrets.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { type CallbackAnswer, expireWait, judgeCallback, type LinkCallback } from "./callbacks.ts";
import { Callers } from "./callers.ts";
import { GroupCommit } from "./group-commit.ts";
import { Housekeeping } from "./housekeeping.ts";
import { type Arrival, type Change, Ledger } from "./ledger.ts";
import { OpenExecutions } from "./open-executions.ts";
import { Pump } from "./pump.ts";
import { type Attempt, discardAttempt, sendHttp } from "./steps/http.ts";

/** What a caller learns of an execution: that it goes on, or how it ended. */
export interface Outcome {
  readonly status: Status;
  readonly failure?: "error" | "bug";
  readonly detail?: string;
  /** The flow's result when it succeeded. */
  readonly body?: Body;
}

export interface Receipt {
  readonly executionId: string;
  readonly seq: number;
}

export interface ListFilter {
  readonly workspaceId: string;
  readonly trigger?: string | undefined;
  readonly flow?: string | undefined;
  readonly status?: Status | undefined;
  /** Epoch ms, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Part of a list. */
export interface ListPart {
  readonly items: ExecutionSummary[];
  /** The key before which to go on; null when there is no more. */
  readonly before: number | null;
  /** Time of the last row looked at, epoch ms. */
  readonly downTo: number;
}

/** Rows looked at for one part of a list. */
const LIST_SCAN = 5_000;

export class Shard extends DurableObject<Env> {
  readonly #config = configOf(this.env);
  readonly #number = Number(this.ctx.id.name);
  readonly #executions: Executions;
  readonly #plans: Plans;
  readonly #open = new OpenExecutions();
  readonly #clock: AlarmClock;
  readonly #ledger: Ledger;
  readonly #housekeeping: Housekeeping;
  readonly #callers = new Callers();
  readonly #secrets: Secrets;
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
    this.#plans = plans;
    this.#clock = clock;
    this.#ledger = new Ledger({ executions, plans, parked, commit, open, clock });
    this.#housekeeping = new Housekeeping(executions, parked, open);
    this.#secrets = new Secrets(env.CONFIG, this.#config.encryptionKeys);
    this.#pump = new Pump({
      open,
      load: (sequence) => this.#load(sequence),
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
    onAccepted?.(receipt);
    await ended;
    return { ...receipt, outcome: this.#outcome(sequence) ?? { status: "queued" } };
  }

  /** How an execution of a trigger stands, after waiting for its end for up to `waitMs`; null when there is none. */
  async outcome(sequence: number, workspaceId: string, trigger: string, waitMs: number): Promise<Outcome | null> {
    const found = this.#load(sequence);
    if (found?.plan.workspace.id !== workspaceId || found.plan.trigger !== trigger) return null;
    if (waitMs > 0 && !isFinished(found.execution)) await this.#callers.wait(sequence, waitMs);
    return this.#outcome(sequence);
  }

  /** Takes the callback of an async step. */
  async answer(callback: LinkCallback): Promise<CallbackAnswer> {
    const { sequence, body } = callback;
    let answer: CallbackAnswer = "unknown";
    const changed = await this.#change(sequence, (execution, plan) => {
      const judged = judgeCallback(callback, execution, plan, this.#isSending(sequence));
      answer = judged.answer;
      return judged.change;
    });
    if (!changed?.change.message) await dropBodies(this.env.BODIES, [body]);
    return answer;
  }

  async show(sequence: number, workspaceId: string): Promise<ExecutionDetail | null> {
    const found = this.#load(sequence);
    if (found?.plan.workspace.id !== workspaceId) return null;
    const correlationOf = (run: number) => this.#id("correlation", sequence, run);
    const id = this.#id("execution", sequence);
    return detail(found.execution, found.plan, id, this.#isSending(sequence), correlationOf);
  }

  async body(sequence: number, workspaceId: string, which: "message" | "input"): Promise<Body | null> {
    const found = this.#load(sequence);
    return found?.plan.workspace.id === workspaceId ? this.#executions.body(sequence, which) : null;
  }

  /** Executions that match, newest first, from before a key on. Looks at a bounded number of rows. */
  async list(filter: ListFilter, before: number | null, limit: number): Promise<ListPart> {
    const items: ExecutionSummary[] = [];
    let looked = 0;
    for (const execution of this.#executions.before(before ?? Number.MAX_SAFE_INTEGER)) {
      const plan = this.#plans.get(execution.planId);
      const { sequence } = execution;
      const summary = summarise(execution, plan, this.#id("execution", sequence), this.#isSending(sequence));
      if (matches(filter, execution, plan, summary)) items.push(summary);
      if (filter.from !== undefined && execution.createdAt < filter.from) break;
      if (items.length >= limit || ++looked >= LIST_SCAN)
        return { items, before: sequence, downTo: execution.createdAt };
    }
    return { items, before: null, downTo: 0 };
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#clock.rang();
    const due = this.#open.takeDue(now).map((sequence) =>
      this.#whenDue(sequence, now).catch((error) => {
        console.error({ message: "a timed execution could not go on", sequence, error: String(error) });
        this.#open.postpone(sequence, now + 5_000);
      }),
    );
    this.#pump.kick();
    await Promise.all(due);
    const keys = this.#housekeeping.sweep(now);
    this.#housekeeping.moveCheckpoint(now, this.#ledger.lastSequence);
    this.#ledger.arm(Date.now());
    if (this.#executions.lastSequence() > 0) this.#clock.arm(this.#housekeeping.nextSweepAt, Date.now());
    await dropBodies(this.env.BODIES, keys);
  }

  /** A retry is made, a wait has lasted too long. */
  async #whenDue(sequence: number, now: number): Promise<void> {
    if (this.#load(sequence)?.execution.status !== "waiting") return this.#open.resume(sequence);
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
      secret: (name) => this.#secrets.value(plan.workspace.id, name),
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

  #load(sequence: number): { execution: Execution; plan: Plan } | null {
    const execution = this.#executions.get(sequence);
    return execution && { execution, plan: this.#plans.get(execution.planId) };
  }

  #outcome(sequence: number): Outcome | null {
    const execution = this.#executions.get(sequence);
    if (!execution) return null;
    const { status, end } = execution;
    const body = status === "succeeded" ? this.#executions.body(sequence, "message") : null;
    return {
      status: this.#isSending(sequence) ? "running" : status,
      ...(end.failure && { failure: end.failure }),
      ...(end.detail !== undefined && { detail: end.detail }),
      ...(body && { body }),
    };
  }

  #isSending(sequence: number): boolean {
    return this.#open.get(sequence)?.state === "sending";
  }

  #id(purpose: Purpose, sequence: number, run = 0): string {
    return mintStateId(this.#config.signingKeys[0], purpose, { shard: this.#number, sequence, run });
  }
}

function matches(filter: ListFilter, execution: Execution, plan: Plan, { status }: ExecutionSummary): boolean {
  return (
    plan.workspace.id === filter.workspaceId &&
    (filter.trigger === undefined || plan.trigger === filter.trigger) &&
    (filter.flow === undefined || plan.flow.name === filter.flow) &&
    (filter.status === undefined || status === filter.status) &&
    (filter.from === undefined || execution.createdAt >= filter.from) &&
    (filter.to === undefined || execution.createdAt <= filter.to)
  );
}
