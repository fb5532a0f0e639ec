/** Suggestions for mistyped names. */
import { closestMatch } from "leven";

/** `Did you mean x?`, or undefined when nothing is similar. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const name = closestMatch(typed, known, { maxDistance: Math.ceil(typed.length / 3) }) ?? completionOf(typed, known);
  return name && `Did you mean ${name}?`;
}

const completionOf = (typed: string, known: readonly string[]) =>
  typed.length > 1 ? known.find((name) => name.toLowerCase().startsWith(typed.toLowerCase())) : undefined;

/** The similar name, or all known names when none is similar. */
export const suggest = (typed: string, known: readonly string[]): string => didYouMean(typed, known) ?? listOf(known);

export const listOf = (known: readonly string[]) =>
  known.length > 0 ? `There are: ${known.join(", ")}.` : "There is none yet.";

/** The names of all items; null when they cannot be listed, for example without the permission. */
export const namesOf = (noun: { all(): Promise<readonly { readonly name: string }[]> }): Promise<string[] | null> =>
  noun.all().then(
    (items) => items.map(({ name }) => name),
    () => null,
  );
