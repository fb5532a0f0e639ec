/** KV prefix `secret:{workspace id}:{name}`: values encrypted under `ENCRYPTION_KEY`, each bound to its own id. */
import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { secretRecord } from "../../core/schema/access.ts";
import { NONCE_BYTES, openSecret, type Resealing, resealSecret, sealSecret } from "../../core/security/secret-box.ts";
import { idsBelow, recordId } from "./record-id.ts";
import { type Page, Records } from "./records.ts";

interface SecretName {
  readonly name: string;
  readonly updatedAt: string;
}

export class Secrets extends Records<z.output<typeof secretRecord>> {
  readonly #keys: readonly [string, ...string[]];

  /** @param keys the current key first; older keys still decrypt what was encrypted with them. */
  constructor(kv: KVNamespace, keys: readonly [string, ...string[]]) {
    super(kv, "secret:", secretRecord);
    this.#keys = keys;
  }

  /** The value of a secret; null when it does not exist or no key decrypts it. */
  async value(workspaceId: string, name: string): Promise<string | null> {
    const id = recordId(workspaceId, name);
    const record = await this.get(id);
    return record && openSecret(this.#keys, id, record.sealed);
  }

  async exists(workspaceId: string, name: string): Promise<boolean> {
    return (await this.get(recordId(workspaceId, name))) !== null;
  }

  async store(workspaceId: string, name: string, value: string): Promise<void> {
    const id = recordId(workspaceId, name);
    const sealed = sealSecret(this.#keys[0], randomBytes(NONCE_BYTES), id, value);
    await this.put(id, { name, sealed, updatedAt: new Date().toISOString() });
  }

  /**
   * Encrypts a secret with the current key. Its time of change stays, because its value does.
   *
   * @returns the resulting state, none for a deleted secret; null when the secret is being changed at this moment.
   */
  async reseal(id: string): Promise<Resealing["state"][] | null> {
    let states: Resealing["state"][] = [];
    const isDone = await this.replace(id, (record) => {
      const resealing = resealSecret(this.#keys, randomBytes(NONCE_BYTES), id, record.sealed);
      states = [resealing.state];
      return resealing.state === "resealed" ? { ...record, sealed: resealing.sealed } : null;
    });
    return isDone ? states : null;
  }

  /** Names and times of change; values are never listed. */
  async list(workspaceId: string, limit: number, cursor?: string): Promise<Page<SecretName> | null> {
    const page = await this.page(idsBelow(workspaceId), limit, cursor);
    return page && { ...page, items: page.items.map(({ name, updatedAt }) => ({ name, updatedAt })) };
  }
}
