/** Randomness that a seed repeats: a number for what is decided, not for when it is, so that timing changes nothing. */
import { createHash, randomInt } from "node:crypto";

/** A number in [0, 1) that is always the same for the same seed and names. */
export function seeded(seed: number, ...names: (string | number)[]): number {
  const text = [seed, ...names].join("\n");
  return createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
}

/** The seed of a run that was given none; it is printed, so that the run can be repeated. */
export const drawSeed = () => randomInt(2 ** 31);
