/** The callbacks of a shard as their owner sees them: minted, shown, listed, closed. */

import { showCalls } from "../../core/callback/call-record.ts";
import { type Callback, type CallbackView, showCallback, statusOf } from "../../core/callback/callback.ts";
import { retentionEnd } from "../../core/execution/retention.ts";
import type { StoredBody } from "../../core/message/body.ts";
import type { CallbackSettings } from "../../core/schema/callback.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { nextSequence } from "../../core/security/signed-id.ts";
import type { Callbacks } from "../../storage/sql/callbacks.ts";
import type { DatabaseQuota } from "../../storage/sql/database-size.ts";
import type { GroupCommit } from "../write/group-commit.ts";
import type { Claim } from "./calls.ts";

/** Rows looked at for one part of a list. */
const LIST_SCAN = 5_000;

/** Which callbacks are listed. */
export interface CallbackFilter {
  readonly workspaceId: string;
  readonly status?: CallbackView["status"] | undefined;
}

/** What is new of a callback that was minted; the rest is known to whoever asked for it. */
export interface Minted extends Pick<Callback, "createdAt" | "expiresAt"> {
  readonly state: string;
}

interface CallbackAdminParts {
  readonly callbacks: Callbacks;
  readonly claims: ReadonlyMap<number, Claim>;
  readonly commit: GroupCommit;
  readonly quota: DatabaseQuota;
  /** The state of a callback. */
  readonly stateOf: (sequence: number) => string;
}

export class CallbackAdmin {
  readonly #parts: CallbackAdminParts;
  #lastSequence: number;

  constructor(parts: CallbackAdminParts) {
    this.#parts = parts;
    this.#lastSequence = parts.callbacks.lastSequence();
  }

  get isEmpty(): boolean {
    return this.#parts.callbacks.lastSequence() === 0;
  }

  /** Resolves once the callback is durable; `no-room` when the shard's database is nearly full. */
  mint(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<Minted | "database-full"> {
    const { callbacks, commit, quota, stateOf } = this.#parts;
    return commit.run((after) => {
      const createdAt = Date.now();
      if (quota.isFull(createdAt)) return "database-full";
      const { expiresInSeconds } = settings;
      const expiresAt = expiresInSeconds === undefined ? null : createdAt + expiresInSeconds * 1000;
      const sequence = nextSequence(this.#lastSequence, createdAt);
      const owner = { workspaceId: workspace.id, workspaceName: workspace.name };
      const callback = { sequence, ...owner, origin, settings, createdAt, expiresAt };
      callbacks.insert(callback, expiresAt === null ? null : retentionEnd(expiresAt, workspace));
      after(() => {
        this.#lastSequence = sequence;
      });
      return { state: stateOf(sequence), createdAt, expiresAt };
    });
  }

  /** Closes a callback; one that is closed stays so. False when the workspace has no such callback. */
  close(sequence: number, workspace: Pick<Workspace, "id" | "retentionDays">): Promise<boolean> {
    const { callbacks, commit } = this.#parts;
    return commit.run((after) => {
      const callback = this.#of(workspace.id, sequence);
      if (!callback) return false;
      const claim = this.#parts.claims.get(sequence);
      const closedAt = callback.closedAt ?? Date.now();
      if (callback.closedAt === null || callback.kept)
        callbacks.update(sequence, { ...callback, closedAt, kept: null }, retentionEnd(closedAt, workspace));
      after(() => {
        if (claim) claim.isClosed = true;
      });
      return true;
    });
  }

  show(sequence: number, workspaceId: string) {
    const callback = this.#of(workspaceId, sequence);
    return callback && { ...this.#show(callback), calls: showCalls(callback.calls) };
  }

  /** Callbacks that match, newest first, from before a key on, without their bodies. Looks at a bounded number of rows. */
  list(filter: CallbackFilter, before: number | null, limit: number) {
    const items: (Omit<CallbackView, "responseBody"> & { seq: number })[] = [];
    const now = Date.now();
    let looked = 0;
    for (const head of this.#parts.callbacks.before(before ?? Number.MAX_SAFE_INTEGER)) {
      const { sequence, createdAt } = head;
      const isWanted =
        head.workspaceId === filter.workspaceId &&
        (filter.status === undefined || statusOf(head, this.#claimOf(sequence), now) === filter.status);
      const callback = isWanted ? this.#parts.callbacks.get(sequence) : null;
      if (callback) {
        const { responseBody: _, ...shown } = this.#show(callback, now);
        items.push({ ...shown, seq: sequence });
      }
      if (items.length >= limit || ++looked >= LIST_SCAN) return { items, before: sequence, downTo: createdAt };
    }
    return { items, before: null, downTo: 0 };
  }

  /** The body of a kept call that lies in R2. */
  storedBody(sequence: number, workspaceId: string, number: number): StoredBody | null {
    const record = this.#of(workspaceId, sequence)?.calls.find((one) => one.number === number);
    if (record?.bodyKey === undefined || record.bodySha256 === undefined) return null;
    return { type: record.contentType, size: record.bodySize, key: record.bodyKey, sha256: record.bodySha256 };
  }

  #of(workspaceId: string, sequence: number): Callback | null {
    const callback = this.#parts.callbacks.get(sequence);
    return callback?.workspaceId === workspaceId ? callback : null;
  }

  #claimOf(sequence: number): Claim | null {
    return this.#parts.claims.get(sequence) ?? null;
  }

  #show(callback: Callback, now = Date.now()): CallbackView {
    const { sequence } = callback;
    return showCallback(callback, this.#parts.stateOf(sequence), this.#claimOf(sequence), now);
  }
}
