import fc from "fast-check";

/** Ways to cut bytes: the sizes of the pieces, used over and over; zero is an empty piece. */
export const cuts = fc.oneof(
  fc.constant([1]),
  fc.constant([Number.MAX_SAFE_INTEGER]),
  fc.array(fc.nat(7), { minLength: 1, maxLength: 12 }).map((sizes) => [...sizes, 1]),
);

/** The bytes in pieces, each a copy that the caller may overwrite. */
export function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** A byte changed, taken out, put in, or the rest cut off. */
export const mutation = fc.record({
  kind: fc.constantFrom("change", "remove", "insert", "truncate"),
  place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: fc.oneof(
    fc.nat(255),
    fc.constantFrom(...'{}[]",:\\ue+-.019 \n\t'.split("").map((c) => c.charCodeAt(0)), 0, 0x7f, 0xed, 0xa0, 0xf4),
  ),
});

export function mutate(bytes: Uint8Array, by: { kind: string; place: number; byte: number }): Uint8Array {
  const at = Math.floor(by.place * bytes.length);
  if (by.kind === "truncate") return bytes.subarray(0, at);
  const changed = [...bytes];
  changed.splice(at, by.kind === "insert" ? 0 : 1, ...(by.kind === "remove" ? [] : [by.byte]));
  return Uint8Array.from(changed);
}
