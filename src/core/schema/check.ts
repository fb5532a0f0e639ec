/** Checks values against their schemas and names the field of every error. */
import type { z } from "zod";
import { type FieldError, invalidInput, type Refusal } from "../refusal.ts";
import { inWords } from "./words.ts";

/** Longest field name in an answer, which must not be larger than the request. */
const NAME_LIMIT = 200;

export function check<T>(schema: z.ZodType<T>, value: unknown): T | Refusal {
  const parsed = schema.safeParse(value, { error: inWords });
  return parsed.success ? parsed.data : invalidInput(parsed.error.issues.flatMap(fieldErrors));
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, at) => ({
      field: fieldPath([...issue.path, key]),
      message: messages[at] ?? "is not a known field",
    }));
  }
  const meant = issue.code === "invalid_union" ? meantBranch(issue.errors) : undefined;
  if (meant) return meant.flatMap((inner) => fieldErrors({ ...inner, path: [...issue.path, ...inner.path] }));
  return [{ field: fieldPath(issue.path), message: issue.message }];
}

/** The alternative that the value was meant for: it has the right type, and only something inside is wrong. */
function meantBranch(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  return branches.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"));
}

const fieldPath = (path: readonly PropertyKey[]) =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`))
    .join("")
    .slice(0, NAME_LIMIT);
