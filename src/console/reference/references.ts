interface Reference {
  readonly $ref?: string;
}

/**
 * The document with every reference replaced by what it refers to; members beside a reference override it. Where
 * something contains itself, the inner one is empty.
 */
export function resolveReferences<T extends object>(document: T): T {
  const known = new Map<string, unknown>();
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== "object" || value === null) return value;
    const { $ref, ...own } = value as Reference;
    const members = Object.fromEntries(Object.entries(own).map(([name, member]) => [name, resolved(member)]));
    return $ref === undefined ? members : { ...(target($ref) as object), ...members };
  };
  const target = (pointer: string): unknown => {
    if (!known.has(pointer)) {
      known.set(pointer, {});
      known.set(pointer, resolved(pointer.split("/").slice(1).reduce(memberOf, document)));
    }
    return known.get(pointer);
  };
  return resolved(document) as T;
}

const memberOf = (value: unknown, name: string) => (value as Readonly<Record<string, unknown>> | undefined)?.[name];
