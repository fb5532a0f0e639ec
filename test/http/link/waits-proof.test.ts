import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { checkWaits, type Seen, type WaitViolation } from "../../../tools/proofs/waits/waits-checker.ts";
import { proveWaits, type WaitsProof } from "../../../tools/proofs/waits/waits-proof.ts";

/** The small version of `npm run proof:waits`, with a SIGKILL in the middle of the answers. */
const load = { seed: 4, executions: 200, shards: 4, callers: 20 };

describe("executions that wait at once", () => {
  let gateway: Gateway;
  let proof: WaitsProof;
  let killed: WaitsProof;
  beforeAll(async () => {
    gateway = await startGateway();
    proof = await proveWaits({ ...load, gateway, restarts: 0 });
    killed = await proveWaits({ ...load, gateway, restarts: 1 });
  }, 120_000);
  afterAll(() => gateway?.stop());

  it("each is answered once, whoever comes twice, and goes on once with that answer (L12 LD8 LD14 C7 C21 CD3 CD7)", () => {
    expect(proof).toMatchObject({ violations: [], waiting: load.executions, of: { link: 100, chainio: 100 } });
    expect(proof.seen.succeeded.size).toBe(load.executions);
    expect(proof.seen.passed).toHaveLength(load.executions);
    const answers = Map.groupBy(proof.seen.calls, ({ status }) => status);
    expect([answers.get(200)?.length, answers.get(409)?.length]).toEqual([load.executions, load.executions]);
  });

  it("the same over a SIGKILL while they are answered (LD8 CD7)", () => {
    expect(killed).toMatchObject({ violations: [], waiting: load.executions });
    expect(killed.seen.succeeded.size).toBe(load.executions);
    expect(killed.seen.calls.some(({ cutOff }) => cutOff > 0)).toBe(true);
  });

  it("the checker finds what is wrong with an execution that is taken twice, lost, repeated or mixed up (LD8 CD7)", () => {
    const { seen } = proof;
    const [first, second] = seen.passed;
    if (!first || !second) throw new Error("nothing went on");
    const id = first.executionId;
    const others = seen.passed.filter(({ executionId }) => executionId !== id);
    const found = (change: Partial<Seen>) => checkWaits({ ...seen, ...change }).map(({ rule }: WaitViolation) => rule);
    expect(found({})).toEqual([]);
    expect(found({ passed: others })).toEqual(["lost"]);
    expect(found({ passed: [...seen.passed, first] })).toEqual(["repeated"]);
    expect(found({ passed: [...others, { ...first, content: second.content }] })).toEqual(["content"]);
    expect(found({ succeeded: new Set(others.map(({ executionId }) => executionId)) })).toEqual(["unfinished"]);
    expect(found({ executionIds: new Set(others.map(({ executionId }) => executionId)) })).toEqual(["unknown"]);
    expect(
      found({ calls: seen.calls.map((call) => (call.executionId === id ? { ...call, status: 200 } : call)) }),
    ).toEqual(["answered"]);
    expect(
      found({ calls: seen.calls.map((call) => (call.executionId === id ? { ...call, status: 409 } : call)) }),
    ).toEqual([...["answered", "content"]]);
  });
});
