/** Repeatable randomness: a number depends on the seed and the name of the decision, not on timing. */
import { createHash, randomInt } from "node:crypto";

/** A number in [0, 1) that is always the same for the same seed and names. */
export function seeded(seed: number, ...names: (string | number)[]): number {
  const text = [seed, ...names].join("\n");
  return createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
}

/** Draws a number in [0, 1) for a named decision. */
export type Draw = (what: string) => number;

/** A random seed for a run without one; it is printed, so that the run can be repeated. */
export const drawSeed = () => randomInt(2 ** 31);
