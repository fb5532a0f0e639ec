/** The differences between two JSON values, leaf by leaf. */

export interface Difference {
  /** A path such as `steps[0].url`; empty for the whole. */
  readonly field: string;
  /** Absent for an added value. */
  readonly from?: unknown;
  /** Absent for a removed value. */
  readonly to?: unknown;
}

export function differences(from: unknown, to: unknown, field = ""): Difference[] {
  if (isRecord(from) && isRecord(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(own(from, name), own(to, name), field ? `${field}.${name}` : name));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const indexes = Array.from({ length: Math.max(from.length, to.length) }, (_, index) => index);
    return indexes.flatMap((index) => differences(from[index], to[index], `${field}[${index}]`));
  }
  if (from === to) return [];
  return [{ field, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const own = (of: Record<string, unknown>, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
