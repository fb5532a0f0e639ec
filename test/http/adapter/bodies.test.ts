import { describe, expect, inject, it } from "vitest";
import { canMeasureMemory } from "../../../tools/lib/runtime-memory.ts";
import { EXCHANGES, type Exchange, playAdapterBody } from "../../../tools/proofs/bodies/adapter-body-proof.ts";
import { serveInspected } from "../../../tools/proofs/bodies/inspected-gateway.ts";

const MIB = 1024 * 1024;
const SIZE = 32 * MIB;
const shared = inject("gateway");

/** The small version of `npm run proof:adapter-bodies`. */
describe("large bodies of adapters", () => {
  it.each(EXCHANGES)(
    "32 MiB pass as %s, verified and byte for byte (C3 C5 C8 C13 C20 C21 C26 CD10 CD15)",
    async (exchange) => {
      const played = await playAdapterBody(shared, { exchange, seed: 4, size: SIZE });
      expect(played).toMatchObject({ status: "succeeded", isSame: true });
    },
    120_000,
  );

  // Memory is read where Linux shows it.
  it.skipIf(!canMeasureMemory)(
    "the Worker never holds a callback whole (CD10)",
    async () => {
      await using gateway = await serveInspected();
      const exchange = { exchange: "callback", seed: 4, size: SIZE } as const;
      const { result, heldBytes } = await gateway.holding(() => playAdapterBody(gateway, exchange));
      expect(result).toMatchObject({ answer: 200, isSame: true });
      expect(heldBytes).toBeLessThan(64 * MIB);
    },
    120_000,
  );

  it.each<[Exchange, number | null]>([
    ["reply", null],
    ["callback", 413],
  ])(
    "a %s with one byte more than the adapter may send ends the execution as error (C26 CD3 CD10)",
    async (exchange, answer) => {
      const limited = { exchange, seed: 4, size: 2 * MIB };
      expect(await playAdapterBody(shared, limited)).toMatchObject({ status: "succeeded", isSame: true });
      expect(await playAdapterBody(shared, { ...limited, excess: 1 })).toMatchObject({
        ...{ status: "failed", failure: "error", answer },
        lastLog: expect.stringMatching(/too large|more than 2097152 bytes/),
      });
    },
  );
});
