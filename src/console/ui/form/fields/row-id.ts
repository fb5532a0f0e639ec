/** Names for rows of a form that have none yet: they are how React tells rows apart. */
let last = 0;

export function rowId(): string {
  last += 1;
  return `row-${last}`;
}
