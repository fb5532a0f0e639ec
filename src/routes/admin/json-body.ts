/** JSON request bodies: read within a bound, then checked against their schema (ND16). */
import type { z } from "zod";
import { invalidInput, Refusal } from "../../core/refusal.ts";
import { check } from "../../core/schema/check.ts";
import { incoming, readWhole } from "../../storage/bodies/bodies.ts";

/** Largest admin request body, in bytes. */
const LIMIT_BYTES = 1024 * 1024;
/** Levels of arrays and objects within each other. Whatever looks at a stored value later goes through them one call deep each. */
const LIMIT_DEPTH = 64;

export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T | Refusal> {
  const text = await readText(request);
  if (text instanceof Refusal) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Refusal("invalid-json", "The request body is not valid JSON.");
  }
  if (nests(value, LIMIT_DEPTH)) {
    return invalidInput([{ field: "", message: `nests more than ${LIMIT_DEPTH} levels deep` }]);
  }
  return check(schema, value);
}

/** True when a value nests deeper than `levels`. Works level by level, so that a deep value does not overflow the stack. */
function nests(value: unknown, levels: number): boolean {
  const isNest = (one: unknown): one is object => typeof one === "object" && one !== null;
  let level = [value].filter(isNest);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= levels) return true;
    level = level.flatMap((one) => Object.values(one).filter(isNest));
  }
  return false;
}

async function readText(request: Request): Promise<string | Refusal> {
  const bytes = await readWhole(incoming(request), LIMIT_BYTES).catch(() => null);
  if (bytes === null) return new Refusal("body-incomplete", "The request body ended before its announced length.");
  if (bytes === "too-large") return new Refusal("too-large", `The body exceeds ${LIMIT_BYTES} bytes.`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new Refusal("invalid-json", "The request body is not valid UTF-8.");
  }
}
