import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../src/config.ts";
import { workspaceRecord } from "../../../src/core/schema/workspace.ts";
import type { CallbackCall } from "../../../src/shard/callbacks/call-result.ts";
import { Records } from "../../../src/storage/kv/records.ts";
import { mint, newShard, stubFetch, until, WORKSPACE_ID } from "../support.ts";

const bindings = env as unknown as Env;
const workspace = { id: WORKSPACE_ID, name: "model", retentionDays: 30 };

beforeAll(async () => {
  const record = workspaceRecord.parse({ ...workspace, placement: [1], laneShards: 1 });
  await new Records(bindings.CONFIG, "workspace:", workspaceRecord).put("model", record);
});

afterEach(async () => {
  await abortAllDurableObjects();
  vi.restoreAllMocks();
});

type Outcome = 200 | 400 | 500;
const ANSWER = { 200: "answer 200", 400: "error 400", 500: "error 502" } as const;

/** The rules of GD1 to GD6, written from their text and from nothing else. */
class Model {
  state: "open" | "used" | "closed" = "open";
  running = 0;
  readonly multiple: boolean;
  readonly retryable: boolean;

  constructor(multiple: boolean, retryable: boolean) {
    this.multiple = multiple;
    this.retryable = retryable;
  }

  /** What a call is answered before any handler runs, or null when its handler runs. */
  begin(): string | null {
    if (this.state === "closed") return "gone";
    if (!this.multiple && this.running > 0) return "busy";
    if (this.state === "used") return "gone";
    this.running++;
    return null;
  }

  end(outcome: Outcome): string {
    this.running--;
    const isUsed = !this.multiple && (outcome === 200 || !this.retryable);
    if (isUsed && this.state === "open") this.state = "used";
    return ANSWER[outcome];
  }

  crash(): void {
    const isUsed = this.running > 0 && !this.multiple && !this.retryable;
    if (isUsed && this.state === "open") this.state = "used";
    this.running = 0;
  }
}

/** A shard whose handler answers when it is told to. */
async function newCallback(multiple: boolean, retryable: boolean) {
  const held: { status?: Outcome }[] = [];
  let handled = 0;
  stubFetch(async () => {
    handled++;
    // The handler asks for its fate: a promise of one object cannot be resolved from outside of it.
    const fate: { status?: Outcome } = {};
    held.push(fate);
    while (fate.status === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    return new Response("{}", { status: fate.status });
  });
  const decide = (fate: { status?: Outcome } | undefined, status: Outcome) => {
    if (fate) fate.status = status;
  };
  const shard = newShard();
  const { sequence } = await mint(shard.stub(), workspace, {
    callbackActivity: { type: "http", url: "http://127.0.0.1/handler" },
    responseType: "response",
    allowMultipleCalls: multiple,
    retryableAfterError: retryable,
  });
  const request: CallbackCall = {
    ...{ sequence, method: "post", parameter: null, query: {}, headers: {}, origin: "http://gateway.test" },
    body: { type: null, size: 0, bytes: new Uint8Array(0) },
    fingerprint: "same",
  };
  const call = async () => {
    const used = await shard.stub().useCallback(request);
    if (used.kind === "answer") return `answer ${used.answer.status}`;
    return used.kind === "error" ? `error ${used.status}` : used.kind;
  };
  return { held, decide, call, close: () => shard.stub().closeCallback(sequence, workspace), handled: () => handled };
}

/** Handlers that a shard asks at a time; a seventh call waits for its turn (src/shard/send/http-client.ts). */
const PLACES = 6;

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("begin" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("end" as const), outcome: fc.constantFrom<Outcome>(200, 400, 500) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "close" as const) }) },
);

describe("a callback", () => {
  it("property: a state machine of the rules predicts every answer, and single use is single (G17 G18 G19 G20 GD1 GD4 GD6)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.array(command, { maxLength: 14 }),
        async (multiple, retryable, commands) => {
          const model = new Model(multiple, retryable);
          const real = await newCallback(multiple, retryable);
          const pending: Promise<string>[] = [];
          let successes = 0;
          for (const step of commands) {
            if (step.do === "begin") {
              if (pending.length === PLACES) continue;
              const expected = model.begin();
              const before = real.handled();
              const answer = real.call();
              answer.catch(() => undefined);
              if (expected !== null) expect(await answer).toBe(expected);
              else {
                await until(() => real.handled() === before + 1);
                pending.push(answer);
              }
            } else if (step.do === "end") {
              const answer = pending.shift();
              if (!answer) continue;
              real.decide(real.held.shift(), step.outcome);
              const got = await answer;
              expect(got).toBe(model.end(step.outcome));
              if (got === "answer 200") successes++;
            } else if (step.do === "close") {
              expect(await real.close()).toBe(true);
              model.state = "closed";
            } else {
              await abortAllDurableObjects();
              await Promise.allSettled(pending.splice(0));
              real.held.length = 0;
              model.crash();
            }
          }
          if (!multiple) expect(successes).toBeLessThanOrEqual(1);
          for (const [n, answer] of pending.entries()) {
            real.decide(real.held[n], 500);
            await answer;
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it.each([
    [false, "gone"],
    [true, "answer 200"],
  ])("after a crash during the handler, with retryable=%s the next call is: %s (GD6)", async (retryable, expected) => {
    const real = await newCallback(false, retryable);
    const lost = real.call().catch(() => "lost");
    await until(() => real.handled() === 1);
    await abortAllDurableObjects();
    expect(await lost).toBe("lost");
    real.held.length = 0;
    const next = real.call();
    if (retryable) {
      await until(() => real.held.length === 1);
      real.decide(real.held[0], 200);
    }
    expect(await next).toBe(expected);
  });
});
