/** What a shard remembers of an execution is what its row says, whatever was written to it and in whatever order. */
import { reset, runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { newProgress, type Progress, STATUSES } from "../../../src/core/execution/execution.ts";
import { type Body, inlineBody } from "../../../src/core/message/body.ts";
import { NO_TRACE_CONTEXT } from "../../../src/core/message/trace-context.ts";
import { Database, type Write } from "../../../src/storage/sql/database.ts";
import { Executions } from "../../../src/storage/sql/executions.ts";
import { newShard } from "../support.ts";

afterEach(() => reset());

const body: fc.Arbitrary<Body> = fc.oneof(
  fc
    .record({ type: fc.option(fc.string()), bytes: fc.uint8Array({ maxLength: 100 }) })
    .map(({ type, bytes }) => inlineBody(type, bytes)),
  fc.record({ type: fc.option(fc.string()), size: fc.nat(), key: fc.uuid(), sha256: fc.string() }),
);

const time = fc.option(fc.nat());
const progress: fc.Arbitrary<Progress> = fc.record({
  status: fc.constantFrom(...STATUSES),
  ...{ step: fc.nat(9), run: fc.nat(255), attempts: fc.nat(20) },
  ...{ dueAt: time, startedAt: time, finishedAt: time },
  end: fc.record({ detail: fc.string() }, { requiredKeys: [] }),
  steps: fc.array(fc.record({ status: fc.constant("running" as const), run: fc.nat(9), attempts: fc.nat(9) })),
  log: fc.array(fc.record({ at: fc.nat(), level: fc.constant("info" as const), message: fc.string() })),
});

const writes = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), input: body, message: fc.option(body) }),
  fc.record({ kind: fc.constant("update" as const), progress, message: fc.option(body, { nil: undefined }) }),
  fc.record({ kind: fc.constant("note" as const), progress }),
  fc.record({ kind: fc.constant("forget" as const) }),
);

describe("what is remembered of executions", () => {
  it("is what their rows say, also after a write that was undone", async () => {
    await runInDurableObject(newShard().stub(), (_, { storage }) => {
      let first = 1;
      const law = fc.property(
        fc.array(fc.record({ write: writes, of: fc.nat(3), isUndone: fc.boolean() }), { maxLength: 20, size: "max" }),
        (history) => {
          const database = new Database(storage);
          const remembering = new Executions(database);
          const inserted = new Set<number>();
          for (const { write: one, of, isUndone } of history) {
            const sequence = first + of;
            if ((one.kind === "insert") === inserted.has(sequence)) continue;
            undoable(database, isUndone, (write) => perform(remembering, write, sequence, one));
            if (one.kind === "insert" && !isUndone) inserted.add(sequence);
            expect(seen(remembering, sequence)).toEqual(seen(new Executions(database), sequence));
          }
          first += 4;
        },
      );
      fc.assert(law, { numRuns: 200 });
    });
  });
});

function perform(
  executions: Executions,
  write: Write,
  sequence: number,
  one: typeof writes extends fc.Arbitrary<infer T> ? T : never,
) {
  switch (one.kind) {
    case "insert": {
      const about = {
        call: null,
        resubmittedFrom: null,
        request: null,
        traceContext: NO_TRACE_CONTEXT,
        submissionId: "submission",
      };
      const placed = { sequence, snapshotId: 1, lane: null, origin: "http://gateway.test", createdAt: 1 };
      return executions.insert(write, { ...newProgress(), ...placed, ...about }, one.input, one.message);
    }
    case "update":
      return executions.update(write, sequence, one.progress, null, one.message);
    case "note":
      return executions.note(write, sequence, one.progress);
    case "forget":
      return write.after(() => executions.forget(sequence));
  }
}

/** Runs a write that may be undone behind its statements. */
function undoable(database: Database, isUndone: boolean, decide: (write: Write) => void): void {
  try {
    database.write((write) => {
      decide(write);
      if (isUndone) throw new Error("undone");
    });
  } catch (error) {
    if (!isUndone) throw error;
  }
}

const seen = (executions: Executions, sequence: number) => ({
  row: executions.get(sequence),
  bodies: (["input", "message"] as const).map((which) => executions.body(sequence, which)),
});
