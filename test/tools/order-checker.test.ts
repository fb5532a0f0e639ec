import { describe, expect, it } from "vitest";
import type { Event } from "../../tools/lib/history.ts";
import { checkBurst } from "../../tools/proofs/order/burst-checker.ts";
import { checkOrder, countByRule } from "../../tools/proofs/order/order-checker.ts";

const sent = (message: number, lane = "a"): Event => ({ kind: "sent", message, lane });
const accepted = (message: number, lane = "a", seq = message): Event => ({
  ...{ kind: "accepted", message, lane, seq },
  executionId: `x${message}`,
});
const started = (request: number, message: number, attempt = 1, key = `k${message}`): Event => ({
  ...{ kind: "started", request, attempt },
  executionId: `x${message}`,
  idempotencyKey: key,
});
const ended = (request: number, status: number | "cut" = 200): Event => ({ kind: "ended", request, status });
const killed: Event = { kind: "killed" };

const taken = (...messages: number[]) => messages.flatMap((message) => [sent(message), accepted(message)]);
const handled = (...messages: number[]) => messages.flatMap((message) => [started(message, message), ended(message)]);

describe("the checker of ordered histories", () => {
  const kept: Record<string, Event[]> = {
    "nothing happens": [],
    "one after another": [...taken(1, 2, 3), ...handled(1, 2, 3)],
    "the target sees a message before its sender has the answer": [sent(1), ...handled(1), accepted(1)],
    "two lanes overlap": [
      ...[sent(1, "a"), accepted(1, "a"), sent(2, "b"), accepted(2, "b")],
      ...[started(1, 1), started(2, 2), ended(1), ended(2)],
    ],
    "a failed attempt and its retry, then the next": [
      ...taken(1, 2),
      ...[started(1, 1), ended(1, 503), started(2, 1, 2), ended(2), ...handled(2)],
    ],
    "an attempt cut off by a SIGKILL is made again": [
      ...taken(1, 2),
      ...[started(8, 1), killed, ended(8, "cut"), started(9, 1), ended(9), ...handled(2)],
    ],
    "an answer that died with the gateway is asked for again": [
      ...taken(1, 2),
      ...[started(8, 1), ended(8), killed, started(9, 1), ended(9), ...handled(2)],
    ],
    "a failure was recorded before the SIGKILL": [
      ...taken(1),
      ...[started(8, 1), ended(8, 500), killed, started(9, 1, 2), ended(9)],
    ],
    "simultaneous senders get their seq in any order": [sent(1), sent(2), accepted(2), accepted(1), ...handled(1, 2)],
  };
  it.each(Object.entries(kept))("passes when %s (N14 ND7)", (_, history) => {
    expect(checkOrder(history)).toEqual([]);
  });

  const broken: Record<string, [rules: object, history: Event[]]> = {
    "two executions are swapped": [{ order: 1 }, [...taken(1, 2, 3), ...handled(1, 3, 2)]],
    "two executions overlap": [{ overlap: 1 }, [...taken(1, 2), started(1, 1), started(2, 2), ended(1), ended(2)]],
    "the next one comes between two attempts": [
      { order: 1 },
      [...taken(1, 2), started(7, 1), ended(7, 503), ...handled(2), started(8, 1, 2), ended(8)],
    ],
    "an attempt starts while the one before is under way": [
      { overlap: 1, repeated: 1 },
      [...taken(1), started(7, 1), started(8, 1, 2), ended(7, 500), ended(8)],
    ],
    "an accepted one never comes": [{ lost: 1 }, [...taken(1, 2, 3), ...handled(1, 3)]],
    "an accepted one is never answered with success": [{ lost: 1 }, [...taken(1), started(1, 1), ended(1, 503)]],
    "one comes that nobody was told of": [{ unaccepted: 1 }, [...taken(1), sent(2), ...handled(1, 2)]],
    "one is done twice": [{ repeated: 1 }, [...taken(1), ...handled(1), started(9, 1), ended(9)]],
    "a retry follows a success": [{ repeated: 1 }, [...taken(1), ...handled(1), started(9, 1, 2), ended(9)]],
    "one that was done is repeated after the SIGKILL, behind its successor": [
      { order: 1 },
      [...taken(1, 2), ...handled(1, 2), killed, started(9, 1), ended(9)],
    ],
    "the SIGKILL was long before the repetition": [
      { repeated: 1 },
      [...taken(1), killed, ...handled(1), started(9, 1), ended(9)],
    ],
    "an attempt is left out": [
      { repeated: 1 },
      [...taken(1), started(1, 1), ended(1, 500), started(2, 1, 3), ended(2)],
    ],
    "a repetition has another key": [
      { key: 1 },
      [...taken(1), started(8, 1), killed, ended(8, "cut"), started(9, 1, 1, "other"), ended(9)],
    ],
    "two executions share a key": [
      { key: 1 },
      [...taken(1, 2), started(1, 1), ended(1), started(2, 2, 1, "k1"), ended(2)],
    ],
    "a message was taken in twice": [
      { "accepted-twice": 1 },
      [...taken(1), { ...accepted(1, "a", 2), executionId: "x2" } as Event, ...handled(1, 2)],
    ],
    "two of a lane have one seq": [
      { "accepted-twice": 1 },
      [...taken(1), sent(2), accepted(2, "a", 1), ...handled(1, 2)],
    ],
    "a later message has the lower seq": [
      { arrival: 1 },
      [sent(1), accepted(1, "a", 9), sent(2), accepted(2, "a", 4), ...handled(2, 1)],
    ],
  };
  it.each(Object.entries(broken))("fails when %s (N14 ND7 ND13)", (_, [rules, history]) => {
    expect(countByRule(checkOrder(history))).toEqual(rules);
  });
});

describe("the checker of bursts", () => {
  const parallel = [...taken(1, 2), started(1, 1), started(2, 2), ended(1), ended(2)];

  it("passes when no more come at once than the limit, each exactly once (N15 ND9)", () => {
    expect(checkBurst(parallel, 2)).toEqual([]);
  });

  it.each([
    ["too-many", parallel, 1],
    ["lost", [...taken(1, 2), ...handled(1)], 2],
    ["repeated", [...taken(1), ...handled(1, 1)], 2],
    ["unaccepted", [...taken(1), ...handled(1, 2)], 2],
  ])("finds %s (N15 ND9)", (rule, history, limit) => {
    expect(checkBurst(history, limit)).toMatchObject([{ rule }]);
  });
});
