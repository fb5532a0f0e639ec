import { describe, expect, it } from "vitest";
import { check, countByRule } from "../../../tools/faults/checks/checker.ts";
import type { Event } from "../../../tools/faults/checks/history.ts";
import { figuresOf } from "../../../tools/faults/figures.ts";
import { burst, order } from "../../../tools/faults/profiles/counted.ts";
import { type Run, runFaults } from "../../../tools/faults/run.ts";

/** The small versions of `npm run proof:order` and `npm run proof:burst`. */
const seed = 4;
const load = { messages: 400, lanes: 5, senders: 20 };
const crowd = { messages: 300, senders: 50 };

describe("order under load, with a SIGKILL in the middle", () => {
  it("every lane's executions come one after another in seq order, nothing is lost or accepted twice; a changed history does not pass (N14 ND7 ND13)", async () => {
    const run = await runFaults({ seed, profile: order({ ...load, restarts: 1 }) });
    const figures = figuresOf(run);
    expect(check(run)).toEqual([]);
    expect(figures).toMatchObject({ accepted: load.messages, finished: load.messages, kills: 1 });
    expect(figures.mostAtOnce).toBeLessThanOrEqual(load.lanes);
    expect(figures.refused).toBeGreaterThan(0);
    expect(figures.cutOff).toBeGreaterThan(0);

    const [first, second] = neighbours(run);
    const names: Record<string, string> = { [first]: second, [second]: first };
    const found = (change: (event: Event, place: number) => Event[]) =>
      countByRule(check({ ...run, events: run.events.flatMap(change) }));
    const requests = new Set(requestsIn(run, first).map(({ request }) => request));
    const isRequestOf = (event: Event) => event.kind === "request" && requests.has(event.request);
    const isReplyTo = (event: Event) => event.kind === "reply" && requests.has(event.request);
    const swapped = found((event) => {
      const other = event.kind === "request" ? names[event.executionId] : undefined;
      return event.kind === "request" && other !== undefined
        ? [{ ...event, executionId: other, key: `${other}.0` }]
        : [event];
    });
    expect(swapped).toMatchObject({ order: expect.any(Number) });
    const later = run.events.findIndex((event) => event.kind === "request" && event.executionId === second);
    const replies = run.events.filter(isReplyTo);
    const overlapping = found((event, place) =>
      place === later ? [event, ...replies] : isReplyTo(event) && place < later ? [] : [event],
    );
    expect(overlapping).toMatchObject({ overlap: expect.any(Number) });
    expect(found((event) => (isRequestOf(event) || isReplyTo(event) ? [] : [event]))).toMatchObject({ lost: 1 });
  }, 120_000);
});

describe("runs that must not pass", () => {
  it("the checker finds that a trigger without ordered delivery does not keep the order (N14 ND7)", async () => {
    const run = await runFaults({ seed, profile: order({ ...load, restarts: 0, isWeakened: true }) });
    const { overlap, order: disorder, lost } = countByRule(check(run));
    expect(figuresOf(run).finished).toBe(load.messages);
    expect(overlap).toBeGreaterThan(0);
    expect(disorder).toBeGreaterThan(0);
    expect(lost).toBeUndefined();
  }, 90_000);

  it("a burst passes for the limit that the trigger has, and not for a lower one (N15 ND9)", async () => {
    expect(check(await runFaults({ seed, profile: burst(crowd) }))).toEqual([]);
    const found = countByRule(check(await runFaults({ seed, profile: burst({ ...crowd, isWeakened: true }) })));
    expect(Object.keys(found)).toEqual(["width"]);
  }, 120_000);
});

const requestsIn = ({ events }: Run, executionId: string) =>
  events.filter((event) => event.kind === "request").filter((event) => event.executionId === executionId);

/** Two executions of one lane that came directly one after the other, each in one attempt. */
function neighbours(run: Run): [string, string] {
  const lane = run.executions
    .filter((view) => view.lane === run.executions[0]?.lane)
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ id }) => id);
  const isSingle = (id = "") => requestsIn(run, id).length === 1;
  const at = lane.findIndex((id, place) => isSingle(id) && isSingle(lane[place + 1]));
  return [lane[at] ?? "", lane[at + 1] ?? ""];
}
