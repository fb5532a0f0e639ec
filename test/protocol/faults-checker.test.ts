import { describe, expect, it } from "vitest";
import { check, countByRule } from "../../scripts/lib/faults/checker.ts";
import type { Answer, CallbackView, Event, ExecutionView, Fact, Op } from "../../scripts/lib/faults/history.ts";

/** A history is told event by event, 10 ms apart; `wait` lets time pass. */
class Story {
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

/** Two messages of a lane, each through both steps, one after the other. */
const sound = () =>
  new Story().send(1, "e1").send(2, "e2").request("e1", "a").request("e1", "b").request("e2", "a").request("e2", "b");
const bothEnded = (story: Story) => story.ended("e1").ended("e2");

const ASK = { step: "ask", correlation: "c1", sha256: "m1" };
const asked = (more: Partial<ExecutionView> = {}) =>
  new Story()
    .send(1, "e1", { feature: "ask", lane: null })
    .request("e1", "ask", { ...ASK, key: "e1.1" }, 202)
    .ended("e1", {
      ...{ trigger: "ask", flow: "ask", lane: undefined },
      steps: [{ name: "ask", type: "http", status: "failed", correlationId: "c1" }],
      ...{ status: "failed", failure: "error", documentStatus: "Failed", ...more },
    } as Partial<ExecutionView>);

describe("histories that keep the promises", () => {
  it("a lane, one after the other", () => {
    expect(bothEnded(sound()).found).toEqual({});
  });

  it("a repeat after a failure, and one after a kill", () => {
    const story = new Story()
      .send(1, "e1")
      .request("e1", "a", {}, 503)
      .request("e1", "a", { attempt: 2 }, "cut")
      .note({ kind: "kill" })
      .note({ kind: "up" })
      .request("e1", "a", { attempt: 2 })
      .request("e1", "b")
      .ended("e1");
    expect(story.found).toEqual({});
  });

  it("a step that is told Failed, and told it again", () => {
    expect(asked().signal("e1", "c1", "failed", 200).signal("e1", "c1", "failed", 409).found).toEqual({});
  });

  it("a run of an operator's retry has a key of its own", () => {
    const story = new Story()
      .send(1, "e1")
      .request("e1", "a", {}, 400)
      .call({ what: "retry", executionId: "e1" }, { status: 200 })
      .request("e1", "a", { key: "e1.2" })
      .request("e1", "b")
      .ended("e1");
    expect(story.found).toEqual({});
  });
});

describe("broken histories", () => {
  it.each<[string, string, () => Story]>([
    ["lost", "an accepted message is not there", () => sound().ended("e1")],
    [
      "lost",
      "an execution never ends",
      () => bothEnded(sound()).ended("e3", { status: "waiting", message: 2, resubmittedFrom: "e2" }),
    ],
    ["accepted-twice", "a message has two executions", () => bothEnded(sound()).ended("e9", { message: 1 })],
    ["unsent", "a message was never sent", () => bothEnded(sound()).ended("e3", { message: 77 })],
    [
      "unsent",
      "a message that broke off is taken in",
      () =>
        bothEnded(sound())
          .send(3, "e3", { isBroken: true }, { status: "left", executionId: undefined } as never)
          .ended("e3"),
    ],
    ["replay", "a repeated message is not told to be one", () => bothEnded(sound()).send(1, "e1")],
    [
      "replay",
      "another body replaces the first one",
      () => bothEnded(sound()).send(1, "e1", { isForeignKey: true }, { isReplayed: true }),
    ],
    ["arrival", "a later message has the lower seq", () => sound().ended("e1", { seq: 2 }).ended("e2", { seq: 1 })],
    [
      "order",
      "a later one goes first",
      () =>
        bothEnded(
          new Story()
            .send(1, "e1")
            .send(2, "e2")
            .request("e2", "a")
            .request("e2", "b")
            .request("e1", "a")
            .request("e1", "b"),
        ),
    ],
    [
      "overlap",
      "two are at the partner",
      () => bothEnded(new Story().send(1, "e1").send(2, "e2").request("e1", "a", {}, null).request("e2", "a")),
    ],
    [
      "one-at-a-time",
      "the next begins before the end",
      () => sound().ended("e1").ended("e2", { startedAt: "2026-01-01T00:00:01.500Z" }),
    ],
    ["unaccepted", "a request of nobody", () => bothEnded(sound()).request("e8", "a")],
    [
      "key",
      "another key for another attempt",
      () => bothEnded(sound().request("e1", "b", { key: "other", attempt: 2 })),
    ],
    [
      "key",
      "one key for two executions",
      () =>
        bothEnded(
          new Story().send(1, "e1").send(2, "e2").request("e1", "a", { key: "k" }).request("e2", "a", { key: "k" }),
        ),
    ],
    [
      "body",
      "another body in the repeat",
      () =>
        new Story()
          .send(1, "e1")
          .request("e1", "a", {}, 500)
          .request("e1", "a", { attempt: 2, sameSha256: "x" })
          .ended("e1", { steps: [] }),
    ],
    [
      "repeated",
      "again after a success",
      () => new Story().send(1, "e1").request("e1", "a").request("e1", "a", { attempt: 2 }).ended("e1", { steps: [] }),
    ],
    [
      "repeated",
      "the same attempt without a kill",
      () => new Story().send(1, "e1").request("e1", "a", {}, 500).request("e1", "a").ended("e1", { steps: [] }),
    ],
    ["way-back", "back to an earlier step", () => bothEnded(sound()).request("e2", "a", { attempt: 2 })],
    [
      "content",
      "another body than was sent",
      () => new Story().send(1, "e1").request("e1", "a", { sha256: "z" }).ended("e1", { steps: [] }),
    ],
    [
      "content",
      "not what the step before made",
      () => new Story().send(1, "e1").request("e1", "a").request("e1", "b", { sha256: "z" }).ended("e1", { steps: [] }),
    ],
    [
      "version",
      "two versions of a flow",
      () => bothEnded(new Story().send(1, "e1").request("e1", "a").request("e1", "b", { version: 2 }).send(2, "e2")),
    ],
    [
      "answered-twice",
      "two callbacks of one run",
      () => asked().signal("e1", "c1", "failed", 200).signal("e1", "c1", "ok", 200),
    ],
    [
      "earlier-run",
      "a callback of an earlier run",
      () =>
        asked()
          .request("e1", "ask", { ...ASK, correlation: "c2", key: "e1.2" }, 202)
          .signal("e1", "c1", "failed", 200),
    ],
    ["result", "told Ok, and failed", () => asked().signal("e1", "c1", "ok", 200)],
    [
      "result",
      "told Failed, and another document status",
      () => asked({ documentStatus: "Ignored" }).signal("e1", "c1", "failed", 200),
    ],
    [
      "result",
      "succeeded without having been told",
      () =>
        asked({
          status: "succeeded",
          failure: undefined,
          steps: [{ name: "ask", type: "http", status: "succeeded", correlationId: "c1" }],
        } as never),
    ],
    [
      "told",
      "a caller is told another end",
      () =>
        bothEnded(sound()).call(
          { what: "poll", executionId: "e1", freshSince: null },
          { status: 502, executionId: "e1" },
        ),
    ],
    [
      "told",
      "over, and then to be waited for",
      () =>
        bothEnded(sound())
          .call({ what: "poll", executionId: "e1", freshSince: null }, { status: 200, executionId: "e1", sha256: "b1" })
          .call({ what: "poll", executionId: "e1", freshSince: null }, { status: 202, executionId: "e1" }),
    ],
    [
      "cancelled",
      "cancelled, and succeeded",
      () => bothEnded(sound()).call({ what: "cancel", executionId: "e1" }, { status: 200 }),
    ],
    [
      "answer",
      "a status that no document gives",
      () => bothEnded(sound()).call({ what: "poll", executionId: "e1", freshSince: null }, { status: 500 }),
    ],
    [
      "answer",
      "503 without Retry-After",
      () => bothEnded(sound()).call({ what: "poll", executionId: "e1", freshSince: null }, { status: 503 }),
    ],
    [
      "cut",
      "broken off, though nothing was done",
      () => bothEnded(sound()).call({ what: "poll", executionId: "e1", freshSince: null }, { status: "cut" }),
    ],
  ])("%s: %s", (rule, _, story) => {
    expect(story().found).toHaveProperty(rule);
  });

  it("retry-after: the next attempt comes too early", () => {
    const story = new Story().send(1, "e1").request("e1", "a", {}, null);
    story.note({ kind: "reply", request: 0, status: 429, isClean: true, retryAfterMs: 1_000 });
    expect(story.request("e1", "a", { attempt: 2 }).ended("e1", { steps: [] }).found).toEqual({ "retry-after": 1 });
  });

  it("width, rate: more at work, and more starts, than a trigger allows", () => {
    const many = (trigger: string, count: number) => {
      const story = new Story();
      for (let n = 1; n <= count; n++) {
        story.send(n, `e${n}`, { feature: trigger, lane: null });
        story.ended(`e${n}`, {
          trigger,
          flow: trigger,
          lane: trigger,
          startedAt: "2026-01-01T00:00:01.000Z",
          steps: [],
        });
      }
      return story.found;
    };
    expect([many("narrow", 3), many("paced", 8)]).toEqual([{}, {}]);
    expect(many("narrow", 4)).toHaveProperty("width");
    expect(many("paced", 9)).toHaveProperty("rate");
  });
});

describe("minted callbacks", () => {
  const SINGLE = { activity: "http", isMultiple: false, isRetryable: false, replays: false } as const;
  const minted = (settings: object = {}, outcomes: string[] = ["answered"], status = "closed") => {
    const story = new Story().call(
      { what: "mint", callback: 1, settings: { ...SINGLE, ...settings } },
      { status: 201, state: "s" },
    );
    story.callbacks.push({ callback: 1, state: "s", status, outcomes });
    return story;
  };
  const use = (story: Story, status: number, more: Partial<Answer> = {}) =>
    story.call({ what: "use", callback: 1, message: 50_000_001 }, { status, hasRetryAfter: true, ...more });
  const handler = (story: Story, request: number, status: number | null = 200) => {
    story.note({ kind: "handler", request, state: "s", message: 50_000_001 });
    return status === null ? story : story.note({ kind: "reply", request, status, isClean: true });
  };

  it("one winner, and the others find it busy or gone", () => {
    expect(use(use(use(handler(minted(), 900), 201), 410), 410, { isReplayed: false }).found).toEqual({});
    expect(use(use(minted({ isRetryable: true }, ["failed", "answered"]), 502), 201).found).toEqual({});
  });

  it.each<[string, string, () => Story]>([
    ["used-twice", "two winners", () => use(use(minted(), 201), 201)],
    ["used-twice", "used again after an error", () => use(use(minted({}, ["failed"]), 502), 201)],
    ["used-twice", "answered otherwise after the end", () => use(use(minted(), 201), 409)],
    ["used-twice", "two calls on record", () => use(minted({}, ["answered", "answered"]), 201)],
    ["used-twice", "its handler called twice", () => handler(handler(minted(), 900), 901)],
    [
      "used-twice",
      "two calls with a retryable handler",
      () => handler(handler(minted({ isRetryable: true }), 900, null).wait(500), 901),
    ],
    ["no-winner", "refused to all", () => use(use(minted(), 410), 410)],
    [
      "closed",
      "closed, and still answered",
      () => use(minted().call({ what: "close", callback: 1 }, { status: 204 }), 201),
    ],
    [
      "closed",
      "closed, and shown as open",
      () => minted({}, [], "open").call({ what: "close", callback: 1 }, { status: 204 }),
    ],
    ["closed", "for many calls, and gone", () => use(minted({ isMultiple: true }), 410)],
    ["lost", "accepted for a flow, and no execution", () => use(minted({ activity: "flow" }), 201)],
  ])("%s: %s", (rule, _, story) => {
    expect(story().found).toHaveProperty(rule);
  });
});
