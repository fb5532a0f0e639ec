/** Ends a `switch` over a union. A new member of the union does not compile until the `switch` handles it. */
export function unreachable(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
