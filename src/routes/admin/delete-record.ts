import type { Records } from "../../storage/kv/records.ts";

/** Deletes a record; null when there is none. */
export async function deleteRecord<T>(records: Pick<Records<T>, "get" | "delete">, id: string) {
  if ((await records.get(id)) === null) return null;
  await records.delete(id);
  return undefined;
}
