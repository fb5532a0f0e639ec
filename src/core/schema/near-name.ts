import leven from "leven";

/** Shorter names are like too many others. */
const SHORTEST = 3;

/** The known name that was probably meant: one letter differs, two are swapped, or only case, hyphens or the end do. */
export function nearName(typed: string, known: readonly string[]): string | undefined {
  if (typed.length < SHORTEST) return undefined;
  const plain = plainOf(typed);
  return (
    known.find((name) => plainOf(name) === plain) ??
    known.find((name) => isNear(plain, plainOf(name))) ??
    known.find((name) => plainOf(name).startsWith(plain))
  );
}

const plainOf = (name: string) => name.replace(/[-_]/g, "").toLowerCase();

function isNear(a: string, b: string): boolean {
  const steps = leven(a, b, { maxDistance: 3 });
  return steps < 2 || (steps === 2 && a.length === b.length && lettersOf(a) === lettersOf(b));
}

const lettersOf = (name: string) => [...name].sort().join("");
