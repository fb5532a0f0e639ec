/** Issues API keys and personal access tokens: shown once, stored as hashes. */
import { createHash, randomBytes } from "node:crypto";
import { invalidInput, Refusal } from "../../core/refusal.ts";
import type { Token } from "../../core/schema/access.ts";
import type { ApiKey } from "../../core/schema/trigger.ts";
import { hashCredential, makeApiKey, makeToken, prefixOf, SECRET_BYTES } from "../../core/security/credential.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import { refuseBeyondLimit } from "../configuration/limits.ts";

/** Most API keys of one trigger: they are read together. */
const KEYS_PER_TRIGGER = 500;

/**
 * Adds a key to a trigger, and generates it unless the caller gives one. Only the result contains the key itself.
 *
 * @param path the trigger's record id.
 */
export async function addApiKey(
  store: ConfigStore,
  path: string,
  { label, key = makeApiKey(randomBytes(SECRET_BYTES)) }: { label: string; key?: string | undefined },
): Promise<(ApiKey & { key: string }) | Refusal> {
  const hash = hashCredential(key);
  const known = await store.apiKeys.all(idsBelow(path));
  if (known.some((other) => other.hash === hash))
    return new Refusal("already-exists", "The trigger has this key already.");
  if (known.length >= KEYS_PER_TRIGGER) {
    return invalidInput([{ field: "", message: `a trigger has at most ${KEYS_PER_TRIGGER} keys` }]);
  }
  // The id follows from the key, so that adding one key twice at the same time writes one record.
  const record = {
    id: uuidOf(`${path}\n${hash}`),
    label,
    prefix: prefixOf(key),
    hash,
    createdAt: new Date().toISOString(),
  };
  await store.apiKeys.put(recordId(path, record.id), record);
  return { ...record, key };
}

/** A UUID (version 8) derived from a text. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Issues a personal access token. Only the result contains the token itself. */
export async function issueToken(
  store: ConfigStore,
  input: Pick<Token, "label" | "permissions" | "workspace" | "expiresAt">,
): Promise<(Token & { token: string }) | Refusal> {
  const expiresAt = input.expiresAt === undefined ? undefined : Date.parse(input.expiresAt);
  if (expiresAt !== undefined && expiresAt <= Date.now()) {
    return invalidInput([{ field: "expiresAt", message: "must be in the future" }]);
  }
  const workspace = input.workspace === undefined ? null : await store.workspaces.get(input.workspace);
  if (input.workspace !== undefined && !workspace) {
    return invalidInput([{ field: "workspace", message: `the workspace ${input.workspace} does not exist` }]);
  }
  const id = crypto.randomUUID();
  const full = await refuseBeyondLimit("tokens", store.tokens, "", id);
  if (full) return full;
  const token = makeToken(id, randomBytes(SECRET_BYTES));
  const createdAt = new Date().toISOString();
  const record: Token = {
    id,
    ...input,
    ...(workspace && { workspaceId: workspace.id }),
    hash: hashCredential(token),
    createdAt,
  };
  await store.tokens.put(id, record);
  return { ...record, token };
}
