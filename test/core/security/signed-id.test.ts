import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MAX_RUN,
  MAX_SEQUENCE,
  MAX_SHARD,
  mintSignedId,
  nextSequence,
  type Purpose,
  readSignedId,
  SEQUENCE_EPOCH_MS,
} from "../../../src/core/security/signed-id.ts";

const KEY = "a signing key of at least thirty-two characters";
const OTHER_KEY = "another signing key of thirty-two characters";
const purposes: Purpose[] = ["execution", "correlation", "callback"];

const address = fc.record({
  shard: fc.integer({ min: 0, max: MAX_SHARD }),
  sequence: fc.maxSafeNat().map((n) => n % (MAX_SEQUENCE + 1)),
  run: fc.integer({ min: 0, max: MAX_RUN }),
});
const purpose = fc.constantFrom(...purposes);

describe("state ids", () => {
  it("an id is a version 8 UUID that reads back to its address, upper case too (G6 GD17)", () => {
    fc.assert(
      fc.property(address, purpose, (where, what) => {
        const id = mintSignedId(KEY, what, where);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(readSignedId([KEY], what, id)).toEqual(where);
        expect(readSignedId([KEY], what, id.toUpperCase())).toEqual(where);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["execution", { shard: 0, sequence: 0, run: 0 }, "00000000-0000-8000-8b26-2cfb79531d85"],
    ["correlation", { shard: MAX_SHARD, sequence: MAX_SEQUENCE, run: MAX_RUN }, "ffffffff-ffff-8fff-b1c9-90b03b12079b"],
    ["callback", { shard: 4711, sequence: 59_650_982_062, run: 1 }, "0de379c0-ae01-8499-b603-daad878988fa"],
  ] as const)("stay what they are, for those that are out in the world: %s %o", (what, where, id) => {
    expect(mintSignedId(KEY, what, where)).toBe(id);
    expect(readSignedId([KEY], what, id)).toEqual(where);
  });

  it("reads back the corners of the address space", () => {
    for (const shard of [0, 1, 2, 3, 4, MAX_SHARD])
      for (const sequence of [0, 1, MAX_SEQUENCE])
        for (const run of [0, MAX_RUN]) {
          const id = mintSignedId(KEY, "execution", { shard, sequence, run });
          expect(readSignedId([KEY], "execution", id)).toEqual({ shard, sequence, run });
        }
  });

  it("reads back every shard", () => {
    for (let shard = 0; shard <= MAX_SHARD; shard++) {
      const id = mintSignedId(KEY, "callback", { shard, sequence: 1, run: 0 });
      expect(readSignedId([KEY], "callback", id)?.shard).toBe(shard);
    }
  });

  it("refuses an id with any one of its 128 bits changed", () => {
    fc.assert(
      fc.property(address, purpose, (where, what) => {
        const id = mintSignedId(KEY, what, where);
        for (let bit = 0; bit < 128; bit++) expect(readSignedId([KEY], what, flip(id, bit))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it("refuses another purpose and another key", () => {
    fc.assert(
      fc.property(address, purpose, purpose, (where, what, other) => {
        const id = mintSignedId(KEY, what, where);
        if (other !== what) expect(readSignedId([KEY], other, id)).toBeNull();
        expect(readSignedId([OTHER_KEY], what, id)).toBeNull();
        expect(readSignedId([], what, id)).toBeNull();
      }),
    );
  });

  it("verifies ids of the old key while it is rotated out, and not after", () => {
    const id = mintSignedId(OTHER_KEY, "callback", { shard: 3, sequence: 99, run: 0 });
    expect(readSignedId([KEY, OTHER_KEY], "callback", id)).toEqual({ shard: 3, sequence: 99, run: 0 });
    expect(readSignedId([KEY], "callback", id)).toBeNull();
  });

  it("refuses anything that is not such a UUID", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readSignedId([KEY], "callback", text)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.uuid(), (text) => {
        expect(readSignedId([KEY], "callback", text)).toBeNull();
      }),
    );
  });

  it("never mints one id twice, in one millisecond and with a clock that jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 200 }), (jumps) => {
        let last = 0;
        let now = SEQUENCE_EPOCH_MS + 1_000_000;
        const seen = new Set<string>();
        for (const jump of [0, 0, 0, ...jumps, 0, 0]) {
          now += jump;
          const next = nextSequence(last, now);
          expect(next).toBeGreaterThan(last);
          seen.add(mintSignedId(KEY, "execution", { shard: 1, sequence: next, run: 0 }));
          last = next;
        }
        expect(seen.size).toBe(jumps.length + 5);
      }),
    );
  });

  it("throws on an address that does not fit", () => {
    const good = { shard: 0, sequence: 0, run: 0 };
    for (const bad of [{ shard: MAX_SHARD + 1 }, { sequence: MAX_SEQUENCE + 1 }, { run: -1 }, { sequence: 0.5 }])
      expect(() => mintSignedId(KEY, "execution", { ...good, ...bad })).toThrow(RangeError);
  });
});

function flip(id: string, bit: number): string {
  const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
