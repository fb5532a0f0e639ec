/** KV prefix `adapter:{workspace id}:{id}`: registered adapters, their secrets encrypted and bound to the adapter's id. */
import { randomBytes } from "node:crypto";
import { type Adapter, adapterRecord } from "../../core/schema/adapter.ts";
import { NONCE_BYTES, openSecret, type Resealing, resealSecret, sealSecret } from "../../core/security/secret-box.ts";
import { recordId } from "./record-id.ts";
import { Records } from "./records.ts";

/** Stored versions of a secret. Calls signed with an older version can no longer be answered. */
const STORED_VERSIONS = 20;

type SharedSecret = "unknown" | "not-here-yet" | { readonly value: string };

export class Adapters extends Records<Adapter> {
  readonly #keys: readonly [string, ...string[]];

  /** @param keys the current key first; older keys still decrypt what was encrypted with them. */
  constructor(kv: KVNamespace, keys: readonly [string, ...string[]]) {
    super(kv, "adapter:", adapterRecord);
    this.#keys = keys;
  }

  /** The adapter's secrets with a new one, which applies from now on. */
  withSecret(workspaceId: string, id: string, known: Adapter["secrets"], value: string): Adapter["secrets"] {
    const version = (known.at(-1)?.version ?? 0) + 1;
    const sealed = sealSecret(this.#keys[0], randomBytes(NONCE_BYTES), placeOf(workspaceId, id), value);
    return [...known, { version, sealed, at: new Date().toISOString() }].slice(-STORED_VERSIONS);
  }

  /** An adapter and the secret for new calls; null when the adapter does not exist or no key decrypts its secret. */
  async current(workspaceId: string, id: string) {
    const record = await this.get(recordId(workspaceId, id));
    const newest = record?.secrets.at(-1);
    const value = newest && openSecret(this.#keys, placeOf(workspaceId, id), newest.sealed);
    return record && newest && value ? { record, secret: { version: newest.version, value } } : null;
  }

  /**
   * Encrypts every version of an adapter's secret with the current key. A version that no key decrypts does not change.
   *
   * @returns the state of each version, none for a deleted adapter; null when it is being changed at this moment.
   */
  async reseal(id: string): Promise<Resealing["state"][] | null> {
    let states: Resealing["state"][] = [];
    const isDone = await this.replace(id, (record) => {
      const versions = record.secrets.map((version) => {
        const resealing = resealSecret(this.#keys, randomBytes(NONCE_BYTES), `adapter:${id}`, version.sealed);
        return { version, resealing };
      });
      states = versions.map(({ resealing }) => resealing.state);
      if (!states.includes("resealed")) return null;
      const secrets = versions.map(({ version, resealing }) =>
        resealing.state === "resealed" ? { ...version, sealed: resealing.sealed } : version,
      );
      return { ...record, secrets };
    });
    return isDone ? states : null;
  }

  /** The secret of a version. A new version may not be visible in this location yet. */
  secretOf(workspaceId: string, { id, secrets }: Adapter, version: number): SharedSecret {
    const found = secrets.find((one) => one.version === version);
    if (!found) return version > (secrets.at(-1)?.version ?? 0) ? "not-here-yet" : "unknown";
    const value = openSecret(this.#keys, placeOf(workspaceId, id), found.sealed);
    return value === null ? "unknown" : { value };
  }
}

const placeOf = (workspaceId: string, id: string) => `adapter:${recordId(workspaceId, id)}`;
