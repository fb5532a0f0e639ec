/** Bounds on what can be configured: lists stay readable, and a runaway program is told so. */
import { invalidInput, type Refusal } from "../protocol/refusal.ts";
import type { Records } from "../storage/records.ts";

/** Most records of each kind, of one workspace or of the gateway. */
export const LIMITS = {
  workspaces: 1_000,
  flows: 1_000,
  triggers: 1_000,
  secrets: 1_000,
  "callback configurations": 1_000,
  tokens: 5_000,
} as const;

/** Refuses a new record where there are as many as there may be; one that is there already may always be changed. */
export async function refuseBeyondLimit(
  kind: keyof typeof LIMITS,
  records: Pick<Records<unknown>, "get" | "count">,
  path: string,
  id: string,
): Promise<Refusal | null> {
  if (await records.get(id)) return null;
  const isFull = (await records.count(path, LIMITS[kind])) >= LIMITS[kind];
  return isFull ? invalidInput([{ field: "", message: `there may be at most ${LIMITS[kind]} ${kind}` }]) : null;
}
