/** Histories of fault runs, made by hand for their checker. */
import { check, countByRule } from "../../../tools/faults/checks/checker.ts";
import type { Answer, CallbackView, Event, ExecutionView, Fact, Op } from "../../../tools/faults/checks/history.ts";

/** Builds a history event by event, 10 ms apart; `wait` adds time. */
export class Story {
  readonly events: Event[] = [];
  readonly executions: ExecutionView[] = [];
  readonly callbacks: CallbackView[] = [];
  #now = 0;
  #calls = 0;
  #requests = 0;

  wait(ms: number): this {
    this.#now += ms;
    return this;
  }

  note(fact: Fact): this {
    this.#now += 10;
    this.events.push({ at: this.#now, ...fact } as Event);
    return this;
  }

  call(op: Op, answer: Answer): this {
    const call = this.#calls++;
    return this.note({ kind: "call", call, op }).note({ kind: "answer", call, ...answer });
  }

  send(
    message: number,
    id: string,
    more: Partial<Extract<Op, { what: "send" }>> = {},
    answer: Partial<Answer> = {},
  ): this {
    const op = {
      what: "send",
      feature: "lanes",
      message,
      lane: "lane-1",
      key: `k-${message}`,
      sha256: `m${message}`,
    } as const;
    const accepted = { status: 202, executionId: id, seq: message, hasLocation: true };
    return this.call(
      { ...op, isBroken: false, isForeignKey: false, freshSince: null, ...more },
      { ...accepted, ...answer },
    );
  }

  /** A request at a partner, and its reply unless that is null. */
  request(
    id: string,
    step: string,
    more: Partial<Extract<Event, { kind: "request" }>> = {},
    reply: number | "cut" | null = 200,
  ): this {
    const request = this.#requests++;
    const message = Number(id.slice(1));
    const sha256 = step === "b" ? `a${message}` : `m${message}`;
    const facts = {
      executionId: id,
      step,
      key: `${id}.${step}`,
      attempt: 1,
      correlation: null,
      message,
      sha256,
      sameSha256: sha256,
    };
    this.note({ kind: "request", request, ...facts, version: 1, ...more });
    if (reply !== null)
      this.note({ kind: "reply", request, status: reply, isClean: reply !== "cut", sha256: `${step}${message}` });
    return this;
  }

  signal(id: string, correlation: string, saying: "ok" | "failed", status: number): this {
    return this.call(
      { what: "signal", dialect: "L", correlation, executionId: id, saying, sha256: `a${id.slice(1)}` },
      { status },
    );
  }

  ended(id: string, more: Partial<ExecutionView> = {}): this {
    const message = Number(id.slice(1));
    const seconds = String(message).padStart(2, "0");
    const times = { startedAt: `2026-01-01T00:00:${seconds}.000Z`, finishedAt: `2026-01-01T00:00:${seconds}.900Z` };
    const steps = ["a", "b"].map((name) => ({ name, type: "http", status: "succeeded" }));
    this.executions.push({
      ...{
        id,
        trigger: "lanes",
        flow: "lanes",
        lane: "lanes/lane-1",
        seq: message,
        status: "succeeded",
        message,
        steps,
      },
      ...{ documentStatus: "Completed", ...times, ...more },
    });
    return this;
  }

  get found(): Record<string, number> {
    return countByRule(check(this));
  }
}
