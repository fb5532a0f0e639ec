import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionLimit } from "../../../src/shard/send/connection-limit.ts";

const [PLACES, OF_HANGING, HANGING_MS] = [6, 4, 5_000];

/** A gate with a clock of its own, and the requests that it let through. */
function open() {
  let now = 0;
  const gate = new ConnectionLimit(PLACES, OF_HANGING, () => now);
  const started: string[] = [];
  const underWay = new Map<string, PromiseWithResolvers<void>>();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  const settle = async (name: string, how: (job: PromiseWithResolvers<void>) => void) => {
    const job = underWay.get(name);
    if (job) how(job);
    underWay.delete(name);
    await turn();
    await turn();
  };
  return {
    started,
    ask: (name: string) => {
      const [host = ""] = name.split("/");
      const answered = gate.run(host, () => {
        started.push(name);
        const job = Promise.withResolvers<void>();
        underWay.set(name, job);
        return job.promise;
      });
      answered.catch(() => undefined);
    },
    /** The host begins its answer. */
    end: (name: string) => settle(name, (job) => job.resolve()),
    giveUp: (name: string) => settle(name, (job) => job.reject(new Error("not wanted any more"))),
    pass: (ms: number) => {
      now += ms;
    },
    underWay: () => [...underWay.keys()],
  };
}

describe("the gate", () => {
  it("lets six in at a time, in order of asking", async () => {
    const gate = open();
    for (let n = 1; n <= 9; n++) gate.ask(`erp/${n}`);
    await gate.end("");
    expect(gate.started).toEqual([1, 2, 3, 4, 5, 6].map((n) => `erp/${n}`));
    await gate.end("erp/4");
    await gate.end("erp/1");
    expect(gate.started.slice(6)).toEqual(["erp/7", "erp/8"]);
  });

  it("keeps two places free of hosts that hang, whoever else waits", async () => {
    const gate = open();
    for (let n = 1; n <= 12; n++) gate.ask(`hanging/${n}`);
    gate.ask("quick/1");
    await gate.end("");
    expect(gate.underWay()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `hanging/${n}`));
    gate.pass(30_000);
    for (let n = 1; n <= 6; n++) await gate.end(`hanging/${n}`);
    expect(gate.underWay()).toEqual(
      ["quick/1", "hanging/7", "hanging/8", "hanging/9", "hanging/10"].sort(byStart(gate)),
    );
    gate.ask("quick/2");
    gate.ask("other/1");
    await gate.end("quick/1");
    expect(gate.underWay()).toContain("quick/2");
    expect(gate.underWay()).toContain("other/1");
    gate.pass(10);
    await gate.end("hanging/7");
    expect(gate.underWay(), "still the same share until it answers soon").toContain("hanging/11");
  });

  it("gives all places again to a host that answers soon", async () => {
    const gate = open();
    for (let n = 1; n <= 14; n++) gate.ask(`host/${n}`);
    await gate.end("");
    gate.pass(HANGING_MS);
    for (let n = 1; n <= 6; n++) await gate.end(`host/${n}`);
    expect(gate.underWay()).toHaveLength(OF_HANGING);
    gate.pass(10);
    await gate.end("host/7");
    expect(gate.underWay()).toHaveLength(PLACES);
  });

  it("does not take a request that was given up for an answer", async () => {
    const gate = open();
    for (let n = 1; n <= 12; n++) gate.ask(`host/${n}`);
    await gate.end("");
    gate.pass(HANGING_MS);
    for (let n = 1; n <= 6; n++) await gate.end(`host/${n}`);
    gate.pass(10);
    await gate.giveUp("host/7");
    expect(gate.underWay()).toHaveLength(OF_HANGING);
    expect(gate.underWay()).toContain("host/11");
  });

  it("never lets more in than it has places, loses nobody, and hosts that hang hold no more than their share", async () => {
    const happening = fc.oneof(
      fc.record({ ask: fc.constantFrom("a", "b", "c") }),
      fc.record({ pass: fc.constantFrom(1, 1_000, HANGING_MS) }),
      fc.record({ end: fc.nat(5) }),
    );
    const law = fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (history) => {
      const gate = open();
      let asked = 0;
      for (const one of history) {
        if ("ask" in one) gate.ask(`${one.ask}/${++asked}`);
        if ("pass" in one) gate.pass(one.pass);
        await gate.end("end" in one ? (gate.underWay()[one.end] ?? "") : "");
        expect(gate.underWay().length).toBeLessThanOrEqual(PLACES);
        const isIdle = gate.underWay().length < OF_HANGING;
        if (isIdle) expect(gate.started).toHaveLength(asked);
      }
      for (let left = gate.underWay(); left.length > 0; left = gate.underWay()) await gate.end(left[0] ?? "");
      expect(gate.started.toSorted()).toEqual([...new Set(gate.started)].toSorted());
      expect(gate.started).toHaveLength(asked);
    });
    await fc.assert(law, { numRuns: 100 });
  }, 60_000);
});

const byStart = (gate: ReturnType<typeof open>) => (a: string, b: string) =>
  gate.started.indexOf(a) - gate.started.indexOf(b);
