/** KV prefix `secret:{workspace id}:{name}`: values encrypted under `ENCRYPTION_KEY`, each bound to its own place. */
import { randomBytes } from "node:crypto";
import { secretRecord } from "../../core/schema/access.ts";
import { NONCE_BYTES, openSecret, type Resealing, resealSecret, sealSecret } from "../../core/security/secret-box.ts";
import { idsBelow, recordId } from "./record-id.ts";
import { type Page, Records } from "./records.ts";

interface SecretName {
  readonly name: string;
  readonly updatedAt: string;
}

export class Secrets {
  readonly #records;
  readonly #keys: readonly [string, ...string[]];

  /** @param keys the current key first; older ones still open what they sealed. */
  constructor(kv: KVNamespace, keys: readonly [string, ...string[]]) {
    this.#records = new Records(kv, "secret:", secretRecord);
    this.#keys = keys;
  }

  /** The value of a secret, or null when there is none that a key opens. */
  async value(workspaceId: string, name: string): Promise<string | null> {
    const place = recordId(workspaceId, name);
    const record = await this.#records.get(place);
    return record && openSecret(this.#keys, place, record.sealed);
  }

  async exists(workspaceId: string, name: string): Promise<boolean> {
    return (await this.#records.get(recordId(workspaceId, name))) !== null;
  }

  /** The records behind the secrets, for what needs no value. */
  get records() {
    return this.#records;
  }

  async put(workspaceId: string, name: string, value: string): Promise<void> {
    const place = recordId(workspaceId, name);
    const sealed = sealSecret(this.#keys[0], randomBytes(NONCE_BYTES), place, value);
    await this.#records.put(place, { name, sealed, updatedAt: new Date().toISOString() });
  }

  /**
   * Puts a secret under the current key. Its time of change stays, because its value does.
   *
   * @param id `{workspace id}:{name}`.
   * @returns what became of it, nothing when it is gone; null when it is being changed just now.
   */
  async reseal(id: string): Promise<Resealing["state"][] | null> {
    let states: Resealing["state"][] = [];
    const isDone = await this.#records.replace(id, (record) => {
      const resealing = resealSecret(this.#keys, randomBytes(NONCE_BYTES), id, record.sealed);
      states = [resealing.state];
      return resealing.state === "resealed" ? { ...record, sealed: resealing.sealed } : null;
    });
    return isDone ? states : null;
  }

  delete(workspaceId: string, name: string): Promise<void> {
    return this.#records.delete(recordId(workspaceId, name));
  }

  deleteAll(workspaceId: string): Promise<void> {
    return this.#records.deleteAll(idsBelow(workspaceId));
  }

  /** Names and times of change; values are never listed. */
  async list(workspaceId: string, limit: number, cursor?: string): Promise<Page<SecretName> | null> {
    const page = await this.#records.page(idsBelow(workspaceId), limit, cursor);
    return page && { ...page, items: page.items.map(({ name, updatedAt }) => ({ name, updatedAt })) };
  }
}
