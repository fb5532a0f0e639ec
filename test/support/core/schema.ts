/** The problems that a schema finds in a value. */
import type { z } from "zod";

/** The fields that are wrong, sorted, such as `steps[0].url`; an unknown field counts as wrong. Empty when nothing is. */
export function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  const fields = (error?.issues ?? []).flatMap(({ path, message, ...issue }) => {
    if (!message) throw new Error("an issue has no message");
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : null;
    return unknown ? unknown.map((key) => nameOf([...path, key])) : [nameOf(path)];
  });
  return fields.toSorted();
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
