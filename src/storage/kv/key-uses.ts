/**
 * KV prefix `key-use:{workspace id}:{trigger}:{key id}`: the time of an API key's last use, to the hour.
 *
 * It is not in the key's record, so that writing it can never restore a key that has been deleted meanwhile.
 */

/** Least time between two writes for one key by one isolate, in ms. */
const WRITE_INTERVAL_MS = 60 * 60 * 1000;
/** Entries expire after this time, also those of deleted keys. */
const RETENTION_SECONDS = 400 * 24 * 60 * 60;
/** Most keys in memory; the oldest entries are removed first. */
const REMEMBERED_KEYS = 5_000;
/** Most keys of one bulk read. */
const BULK = 100;

/** Epoch ms of the last write by this isolate, by the key's record id. */
const written = new Map<string, number>();

/**
 * Records the use of a key, best effort: a failed write is repeated after an hour.
 *
 * @param id the key's record id.
 */
export async function recordKeyUse(kv: KVNamespace, id: string, nowMs: number): Promise<void> {
  const before = written.get(id);
  if (before !== undefined && nowMs - before < WRITE_INTERVAL_MS) return;
  written.delete(id);
  written.set(id, nowMs);
  if (written.size > REMEMBERED_KEYS) written.delete(written.keys().next().value as string);
  try {
    await kv.put(`key-use:${id}`, String(nowMs), { expirationTtl: RETENTION_SECONDS });
  } catch (error) {
    console.warn({ message: "the use of an API key was not noted", error: String(error) });
  }
}

/** The times of last use, as ISO 8601, by the record ids of the keys; a key that was never used is absent. */
export async function lastKeyUses(kv: KVNamespace, ids: readonly string[]): Promise<Map<string, string>> {
  const uses = new Map<string, string>();
  for (let start = 0; start < ids.length; start += BULK) {
    const some = ids.slice(start, start + BULK);
    const stored = await kv.get(some.map((id) => `key-use:${id}`));
    for (const id of some) {
      const at = Math.max(Number(stored.get(`key-use:${id}`) ?? 0), written.get(id) ?? 0);
      if (at > 0) uses.set(id, new Date(at).toISOString());
    }
  }
  return uses;
}
