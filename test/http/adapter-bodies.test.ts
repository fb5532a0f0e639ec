import { describe, expect, inject, it } from "vitest";
import { EXCHANGES, type Exchange, playAdapterBody } from "../../scripts/lib/adapter-body-proof.ts";
import { serveInspected } from "../../scripts/lib/inspected-gateway.ts";
import { canMeasureMemory } from "../../scripts/lib/runtime-memory.ts";

const MIB = 1024 * 1024;
const SIZE = 32 * MIB;
const shared = inject("gateway");

/** The small version of `npm run proof:adapter-bodies`. */
describe("large bodies of adapters", () => {
  // Memory is read where Linux shows it.
  it.skipIf(!canMeasureMemory)(
    "C3 C5 C8 C13 C20 C21 C26 CD10 CD15: go out signed, and come as reply, callback and file, byte for byte and never whole in memory",
    async () => {
      await using gateway = await serveInspected();
      const { result, heldBytes } = await gateway.holding(async () => {
        const played: [Exchange, object][] = [];
        for (const exchange of EXCHANGES) {
          played.push([exchange, await playAdapterBody(gateway, { exchange, seed: 4, size: SIZE })]);
        }
        return played;
      });
      expect(result).toMatchObject(EXCHANGES.map((exchange) => [exchange, { status: "succeeded", isSame: true }]));
      expect(heldBytes).toBeLessThan(64 * MIB);
    },
    120_000,
  );

  it.each<[Exchange, number | null]>([
    ["reply", null],
    ["callback", 413],
  ])(
    "C26 CD3 CD10: a %s with one byte more than the adapter may send ends the execution as error",
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
