import { describe, expect, it } from "vitest";
import { canMeasureMemory } from "../../../tools/lib/runtime-memory.ts";
import { proveBody, type Sending } from "../../../tools/proofs/bodies/body-proof.ts";
import { serveInspected } from "../../../tools/proofs/bodies/inspected-gateway.ts";

const MIB = 1024 * 1024;

/** The small version of `npm run proof:bodies`. Memory is read where Linux shows it. */
describe.skipIf(!canMeasureMemory)("large bodies", () => {
  it.each<[Sending, number]>([
    ["signed", 72],
    ["chunked", 72],
  ])(
    "a %s body of %i MiB goes to a target and back unchanged, and is never whole in memory (N4 ND12)",
    async (sending, mib) => {
      await using gateway = await serveInspected();
      const proof = await proveBody({ gateway, seed: 4, size: mib * MIB, sending });
      expect(proof).toMatchObject({ status: 200, isSame: true });
      expect(proof.heldBytes).toBeLessThan(64 * MIB);
      // The runtime's process also holds garbage and what stands in for R2: twice what has been measured.
      expect(proof.peakBytes - proof.beforeBytes).toBeLessThan(512 * MIB);
    },
    120_000,
  );
});
