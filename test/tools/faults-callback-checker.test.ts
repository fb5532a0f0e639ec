import { describe, expect, it } from "vitest";
import type { Answer } from "../../tools/faults/checks/history.ts";
import { Story } from "../support/core/fault-story.ts";

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
