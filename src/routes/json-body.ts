/** JSON request bodies: read within a bound, then checked against their schema (ND16). */
import type { z } from "zod";
import { type FieldError, invalidInput, Refusal } from "../protocol/refusal.ts";

/** Largest admin request body, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T | Refusal> {
  const text = await readText(request);
  if (text instanceof Refusal) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Refusal("invalid-json", "The request body is not valid JSON.");
  }
  return check(schema, value);
}

/** Checks a value, naming the field of everything that is wrong with it. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T | Refusal {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : invalidInput(parsed.error.issues.flatMap(fieldErrors));
}

async function readText(request: Request): Promise<string | Refusal> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > LIMIT_BYTES) return new Refusal("too-large", `The body exceeds ${LIMIT_BYTES} bytes.`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    return error instanceof TypeError
      ? new Refusal("invalid-json", "The request body is not valid UTF-8.")
      : new Refusal("body-incomplete", "The request body ended before its announced length.");
  }
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: fieldPath([...issue.path, key]), message: "is not a known field" }));
  }
  return [{ field: fieldPath(issue.path), message: issue.message }];
}

const fieldPath = (path: readonly PropertyKey[]) =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`)).join("");
