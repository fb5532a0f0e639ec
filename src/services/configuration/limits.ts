/** Limits of what can be configured: lists stay readable, and a runaway program gets an error. */
import { invalidInput, type Refusal } from "../../core/refusal.ts";
import type { Records } from "../../storage/kv/records.ts";

/** Most records of each kind, of one workspace or of the gateway. */
export const LIMITS = {
  workspaces: 1_000,
  flows: 1_000,
  triggers: 1_000,
  adapters: 500,
  secrets: 1_000,
  "callback configurations": 1_000,
  tokens: 5_000,
} as const;

export type Limited = keyof typeof LIMITS;

/** Most bytes of JSON that the records of one kind of a workspace may have together: they are read together. */
const TOTAL_BYTES = 8 * 1024 * 1024;

/**
 * Refuses a new record beyond the number of its kind, and one beyond the total size. A record that exists may always be
 * changed if it does not grow.
 *
 * @param value the record, for kinds that are read together.
 */
export async function refuseBeyondLimit<T>(
  kind: Limited,
  records: Pick<Records<T>, "get" | "usage">,
  path: string,
  id: string,
  value?: T,
): Promise<Refusal | null> {
  const known = await records.get(id);
  const size = value === undefined ? 0 : bytesOf(value);
  if (known !== null && (value === undefined || size <= bytesOf(known))) return null;
  const others = await records.usage(path, id);
  if (known === null && others.count >= LIMITS[kind]) return full(`there may be at most ${LIMITS[kind]} ${kind}`);
  if (size === 0 || others.bytes + size <= TOTAL_BYTES) return null;
  return full(`the ${kind} of a workspace take at most ${TOTAL_BYTES} bytes together, as JSON`);
}

const full = (message: string) => invalidInput([{ field: "", message }]);

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
