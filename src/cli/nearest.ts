/** The name that was probably meant. */

/** `Did you mean x?`, or undefined when nothing is near. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const found = nearest(typed, known);
  return found === undefined ? undefined : `Did you mean ${found}?`;
}

/** The one that was probably meant, or else all there are. */
export const whatElse = (typed: string, known: readonly string[]): string =>
  didYouMean(typed, known) ?? (known.length > 0 ? `There are: ${known.join(", ")}.` : "There is none yet.");

export function nearest(typed: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const ranked = known
    .map((name) => ({ name, steps: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const [best] = ranked.filter(({ steps }) => steps <= limit);
  return best?.name ?? known.find((name) => typed.length > 1 && name.toLowerCase().startsWith(typed.toLowerCase()));
}

/** Letters to insert, delete, replace or swap with their neighbour until one is the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(rows[i - 1], j) + 1,
        at(row, j - 1) + 1,
        at(rows[i - 1], j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(rows[i - 2], j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    rows.push(row);
  }
  return at(rows[a.length], b.length);
}

const at = (row: readonly number[] | undefined, column: number) => row?.[column] ?? Number.POSITIVE_INFINITY;
