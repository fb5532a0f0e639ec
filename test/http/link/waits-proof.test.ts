import { describe, expect, it } from "vitest";
import { check } from "../../../tools/faults/checks/checker.ts";
import { figuresOf } from "../../../tools/faults/figures.ts";
import { waits } from "../../../tools/faults/profiles/counted.ts";
import { runFaults } from "../../../tools/faults/run.ts";

/** The small version of `npm run proof:waits`, with a SIGKILL in the middle of the answers. */
const load = { messages: 200, shards: 4, senders: 20 };

const run = async (restarts: number) => {
  const made = await runFaults({ seed: 4, profile: waits({ ...load, restarts }) });
  const answers = made.events.flatMap((event) => {
    const isCallback = event.kind === "call" && event.op.what === "signal";
    return isCallback ? made.events.filter((other) => other.kind === "answer" && other.call === event.call) : [];
  });
  const count = (status: unknown) => answers.filter((answer) => "status" in answer && answer.status === status).length;
  return { made, count };
};

describe("executions that wait at once", () => {
  it("each is answered once, whoever comes twice, and goes on once with that answer (L12 LD8 LD14 C7 C21 CD3 CD7)", async () => {
    const { made, count } = await run(0);
    expect(check(made)).toEqual([]);
    const featureCounts = Map.groupBy(made.executions, ({ trigger }) => trigger);
    expect([featureCounts.get("waits")?.length, featureCounts.get("adapter-waits")?.length]).toEqual([100, 100]);
    expect(made.executions.every(({ status }) => status === "succeeded")).toBe(true);
    expect(figuresOf(made).requests).toBe(2 * load.messages);
    expect([count(200), count(409)]).toEqual([load.messages, load.messages]);
  }, 120_000);

  it("the same over a SIGKILL while they are answered (LD8 CD7)", async () => {
    const { made, count } = await run(1);
    expect(check(made)).toEqual([]);
    expect(figuresOf(made)).toMatchObject({ kills: 1, finished: load.messages });
    expect(count("cut")).toBeGreaterThan(0);
  }, 120_000);
});
