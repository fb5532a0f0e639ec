import { describe, expect, it } from "vitest";
import type { ExecutionView } from "../../tools/faults/checks/history.ts";
import { Story } from "../support/core/fault-story.ts";

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

  it("a step with the callback Failed, twice", () => {
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
      "an incomplete message is accepted",
      () =>
        bothEnded(sound())
          .send(3, "e3", { isBroken: true }, { status: "left", executionId: undefined } as never)
          .ended("e3"),
    ],
    ["replay", "a repeated message is not answered as one", () => bothEnded(sound()).send(1, "e1")],
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
    ["result", "Ok, and failed", () => asked().signal("e1", "c1", "ok", 200)],
    [
      "result",
      "Failed, and another document status",
      () => asked({ documentStatus: "Ignored" }).signal("e1", "c1", "failed", 200),
    ],
    [
      "result",
      "succeeded without a callback",
      () =>
        asked({
          status: "succeeded",
          failure: undefined,
          steps: [{ name: "ask", type: "http", status: "succeeded", correlationId: "c1" }],
        } as never),
    ],
    [
      "outcome",
      "a caller gets another outcome",
      () =>
        bothEnded(sound()).call(
          { what: "poll", executionId: "e1", freshSince: null },
          { status: 502, executionId: "e1" },
        ),
    ],
    [
      "outcome",
      "ended, and then 202",
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
