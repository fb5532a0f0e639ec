/** JSON for looking at: numbers stay as they were written. */

/** A number that a double does not hold exactly, in the digits that came. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** The value of a text; null when it is not JSON, for instance because it is cut. */
export function parseJson(text: string): { readonly value: unknown } | null {
  const keepDigits: Reviver = (_, value, context) =>
    typeof value === "number" && context?.source !== undefined && context.source !== String(value)
      ? new ExactNumber(context.source)
      : value;
  try {
    return { value: JSON.parse(text, keepDigits) };
  } catch {
    return null;
  }
}
