import { describe, expect, it } from "vitest";
import type { Event, ExecutionView } from "../../tools/faults/checks/history.ts";
import { Story } from "../support/core/fault-story.ts";

const OF = { trigger: "order", flow: "order", lane: "order/lane-1" };
const STEPS = { steps: [{ name: "a", type: "http", status: "succeeded" }] };

const sent = (...messages: number[]) => {
  const story = new Story();
  for (const message of messages) story.send(message, `e${message}`, { feature: "order" });
  return story;
};
const ended = (story: Story, ...messages: number[]) => {
  for (const message of messages) story.ended(`e${message}`, { ...OF, ...STEPS });
  return story;
};
type More = Partial<Extract<Event, { kind: "request" }>>;
const at = (story: Story, message: number, more: More = {}, reply: number | "cut" | null = 200) =>
  story.request(`e${message}`, "a", more, reply);
const reply = (story: Story, request: number, status: number | "cut" = 200) =>
  story.note({ kind: "reply", request, status, isClean: status !== "cut" });
const kill = (story: Story) => story.note({ kind: "kill" }).note({ kind: "up" });

describe("the checker of ordered histories", () => {
  it.each<[string, () => Story]>([
    ["one after another", () => ended(at(at(at(sent(1, 2, 3), 1), 2), 3), 1, 2, 3)],
    [
      "a failed attempt and its retry, then the next",
      () => {
        return ended(at(at(at(sent(1, 2), 1, {}, 503), 1, { attempt: 2 }), 2), 1, 2);
      },
    ],
    [
      "an attempt cut off by a SIGKILL is made again",
      () => {
        return ended(at(at(reply(kill(at(sent(1, 2), 1, {}, null)), 0, "cut"), 1), 2), 1, 2);
      },
    ],
    [
      "an answer that died with the gateway is asked for again",
      () => {
        return ended(at(at(kill(at(sent(1, 2), 1)), 1), 2), 1, 2);
      },
    ],
    [
      "a failure was recorded before the SIGKILL",
      () => {
        return ended(at(kill(at(sent(1), 1, {}, 500)), 1, { attempt: 2 }), 1);
      },
    ],
  ])("passes when %s (N14 ND7)", (_, story) => {
    expect(story().found).toEqual({});
  });

  it.each<[string, string, () => Story]>([
    ["order", "two executions are swapped", () => ended(at(at(at(sent(1, 2, 3), 1), 3), 2), 1, 2, 3)],
    [
      "overlap",
      "two executions overlap",
      () => ended(reply(reply(at(at(sent(1, 2), 1, {}, null), 2, {}, null), 0), 1), 1, 2),
    ],
    [
      "order",
      "the next one comes between two attempts",
      () => {
        return ended(at(at(at(sent(1, 2), 1, {}, 503), 2), 1, { attempt: 2 }), 1, 2);
      },
    ],
    [
      "repeated",
      "an attempt starts while the one before is under way",
      () => {
        return ended(reply(reply(at(at(sent(1), 1, {}, null), 1, { attempt: 2 }, null), 0, 500), 1), 1);
      },
    ],
    ["lost", "an accepted one never comes", () => ended(at(at(sent(1, 2, 3), 1), 3), 1, 2, 3)],
    ["lost", "an accepted one is never answered with success", () => ended(at(sent(1), 1, {}, 503), 1)],
    [
      "lost",
      "an accepted one fails in the end",
      () => {
        const failed: Partial<ExecutionView> = { ...OF, ...STEPS, status: "failed", failure: "bug" };
        return at(sent(1), 1).ended("e1", failed);
      },
    ],
    ["unaccepted", "one comes that is not there", () => ended(at(at(sent(1), 1), 2), 1)],
    ["unsent", "one is there that nobody sent", () => ended(at(at(sent(1), 1), 2), 1, 2)],
    ["repeated", "one is done twice", () => ended(at(at(sent(1), 1), 1), 1)],
    ["repeated", "a retry follows a success", () => ended(at(at(sent(1), 1), 1, { attempt: 2 }), 1)],
    [
      "order",
      "one that was done is repeated after the SIGKILL, behind its successor",
      () => {
        return ended(at(kill(at(at(sent(1, 2), 1), 2)), 1), 1, 2);
      },
    ],
    ["repeated", "the SIGKILL was long before the repetition", () => ended(at(at(kill(sent(1)).wait(5_000), 1), 1), 1)],
    [
      "repeated",
      "a success is tried again with the next number after the SIGKILL",
      () => {
        return ended(at(kill(at(sent(1), 1)), 1, { attempt: 2 }), 1);
      },
    ],
    ["repeated", "an attempt is left out", () => ended(at(at(sent(1), 1, {}, 500), 1, { attempt: 3 }), 1)],
    ["repeated", "the first attempt is left out", () => ended(at(sent(1), 1, { attempt: 2 }), 1)],
    [
      "key",
      "a repetition has another key",
      () => {
        return ended(at(reply(kill(at(sent(1), 1, {}, null)), 0, "cut"), 1, { key: "other" }), 1);
      },
    ],
    ["key", "two executions share a key", () => ended(at(at(sent(1, 2), 1, { key: "k" }), 2, { key: "k" }), 1, 2)],
    [
      "accepted-twice",
      "a message was accepted twice",
      () => {
        return ended(
          at(at(sent(1).send(1, "e2", { feature: "order" }, { isReplayed: true }), 1), 2, { message: 1, sha256: "m1" }),
          1,
        ).ended("e2", { ...OF, ...STEPS, message: 1 });
      },
    ],
    [
      "accepted-twice",
      "two of a lane have one seq",
      () => ended(at(at(sent(1, 2), 1), 2), 1).ended("e2", { ...OF, ...STEPS, seq: 1 }),
    ],
    [
      "arrival",
      "a later message has the lower seq",
      () => {
        return at(at(sent(1, 2), 2), 1)
          .ended("e1", { ...OF, ...STEPS, seq: 9 })
          .ended("e2", { ...OF, ...STEPS, seq: 4 });
      },
    ],
    [
      "order",
      "one of a lane is in another lane for the gateway",
      () => {
        return ended(at(at(sent(1, 2), 2), 1), 1).ended("e2", { ...OF, ...STEPS, lane: "order/lane-2" });
      },
    ],
  ])("%s: fails when %s (N14 ND7 ND13)", (rule, _, story) => {
    expect(story().found).toHaveProperty(rule);
  });
});

describe("the checker of bursts", () => {
  const parallel = (count: number) => {
    const story = new Story();
    for (let n = 1; n <= count; n++) story.send(n, `e${n}`, { feature: "burst", lane: null });
    for (let n = 1; n <= count; n++) at(story, n, {}, null);
    for (let n = 1; n <= count; n++)
      reply(story, n - 1).ended(`e${n}`, { ...STEPS, trigger: "burst", flow: "burst", lane: "" });
    return story.found;
  };

  it("passes when no more come at once than the limit, and finds one more (N15 ND9)", () => {
    expect(parallel(5)).toEqual({});
    expect(parallel(6)).toEqual({ width: 1 });
  });
});

describe("the checker of executions that wait", () => {
  type Said = [sha256: string, status: number | "cut"];
  const waiting = (said: Said[], next: (string | null)[], status = "succeeded") => {
    const story = new Story().send(1, "e1", { feature: "waits", lane: null });
    story.request("e1", "ask", { correlation: "c1", sha256: "m1" }, 202);
    for (const [sha256, answer] of said) {
      const op = { what: "signal", dialect: "L", correlation: "c1", executionId: "e1", saying: "ok", sha256 } as const;
      if (answer === "cut") story.note({ kind: "kill" });
      story.call(op, { status: answer });
      if (answer === "cut") story.note({ kind: "up" });
    }
    for (const sha256 of next) if (sha256 !== null) story.request("e1", "b", { sha256 });
    const steps = [
      { name: "ask", type: "http", status: "succeeded", correlationId: "c1" },
      { name: "b", type: "http", status: "succeeded" },
    ];
    return story.ended("e1", { trigger: "waits", flow: "waits", lane: "", steps, status }).found;
  };

  it("passes when one call is accepted and goes on once, and when that call was cut off (LD8 CD7)", () => {
    expect(
      waiting(
        [
          ["x", 200],
          ["y", 409],
        ],
        ["x"],
      ),
    ).toEqual({});
    expect(
      waiting(
        [
          ["x", "cut"],
          ["x", 409],
          ["y", 409],
        ],
        ["x"],
      ),
    ).toEqual({});
  });

  it.each<[string, Said[], (string | null)[], string?]>([
    [
      "answered-twice",
      [
        ["x", 200],
        ["y", 200],
      ],
      ["x"],
    ],
    [
      "no-winner",
      [
        ["x", 409],
        ["y", 409],
      ],
      ["x"],
    ],
    [
      "content",
      [
        ["x", 200],
        ["y", 409],
      ],
      ["y"],
    ],
    [
      "lost",
      [
        ["x", 200],
        ["y", 409],
      ],
      [],
    ],
    [
      "lost",
      [
        ["x", 200],
        ["y", 409],
      ],
      ["x"],
      "waiting",
    ],
    [
      "repeated",
      [
        ["x", 200],
        ["y", 409],
      ],
      ["x", "x"],
    ],
    [
      "answer",
      [
        ["x", 200],
        ["y", 404],
      ],
      ["x"],
    ],
  ])("finds %s in %j, then %j (LD8 CD7)", (rule, said, next, status) => {
    expect(waiting(said, next, status)).toHaveProperty(rule);
  });
});
