/** The name that was probably meant by one that is not known. */

/** Shorter names are like too many others. */
const SHORTEST = 3;

/** One that differs by a letter, by capitals, hyphens and underscores, or by what comes after it. */
export function nearName(typed: string, known: readonly string[]): string | undefined {
  if (typed.length < SHORTEST) return undefined;
  const plain = plainOf(typed);
  return (
    known.find((name) => plainOf(name) === plain) ??
    known.find((name) => isOneStepFrom(plain, plainOf(name))) ??
    known.find((name) => plainOf(name).startsWith(plain))
  );
}

const plainOf = (name: string) => name.replace(/[-_]/g, "").toLowerCase();

/** Whether a letter inserted, left out, replaced or swapped with its neighbour makes the one of the other. */
function isOneStepFrom(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isSwapped = left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
  return isSwapped || Math.max(left.length, right.length) <= 1;
}
