/** Values against their schemas, with the field of everything that is wrong. */
import type { z } from "zod";
import { type FieldError, invalidInput, type Refusal } from "../refusal.ts";

export function check<T>(schema: z.ZodType<T>, value: unknown): T | Refusal {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : invalidInput(parsed.error.issues.flatMap(fieldErrors));
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: fieldPath([...issue.path, key]), message: "is not a known field" }));
  }
  return [{ field: fieldPath(issue.path), message: issue.message }];
}

const fieldPath = (path: readonly PropertyKey[]) =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`)).join("");
