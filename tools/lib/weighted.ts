import fc from "fast-check";

/** Draws from one of the arbitraries; each weight is relative to the sum of all weights. */
export function weighted<T>(...choices: (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
