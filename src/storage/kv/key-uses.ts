/**
 * KV prefix `key-use:{workspace id}:{trigger}:{key id}`: when an API key was last used, to the hour.
 *
 * Apart from the key's own record, so that noting a use can never bring back a key that was deleted meanwhile.
 */

/** An isolate notes the use of one key at most so often, in ms. */
const NOTE_EVERY_MS = 60 * 60 * 1000;
/** Notes go by themselves: they outlive a deleted key by this long at most, in seconds. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;
/** Notes that an isolate remembers. The oldest go first. */
const REMEMBERED = 5_000;
/** What one bulk read may name. */
const BULK = 100;

/** Epoch ms of the latest note of this isolate, by the key's path. */
const noted = new Map<string, number>();

/**
 * Notes that a key is used. Best effort: a note that fails is made again after an hour.
 *
 * @param path `{workspace id}:{trigger}:{key id}`.
 */
export async function noteKeyUse(kv: KVNamespace, path: string, nowMs: number): Promise<void> {
  const before = noted.get(path);
  if (before !== undefined && nowMs - before < NOTE_EVERY_MS) return;
  noted.delete(path);
  noted.set(path, nowMs);
  if (noted.size > REMEMBERED) noted.delete(noted.keys().next().value as string);
  try {
    await kv.put(`key-use:${path}`, String(nowMs), { expirationTtl: KEPT_SECONDS });
  } catch (error) {
    console.warn({ message: "the use of an API key was not noted", error: String(error) });
  }
}

/** When keys were last used, as ISO 8601, by their paths; a key that was never used is absent. */
export async function lastKeyUses(kv: KVNamespace, paths: readonly string[]): Promise<Map<string, string>> {
  const uses = new Map<string, string>();
  for (let start = 0; start < paths.length; start += BULK) {
    const some = paths.slice(start, start + BULK);
    const stored = await kv.get(some.map((path) => `key-use:${path}`));
    for (const path of some) {
      const at = Math.max(Number(stored.get(`key-use:${path}`) ?? 0), noted.get(path) ?? 0);
      if (at > 0) uses.set(path, new Date(at).toISOString());
    }
  }
  return uses;
}
