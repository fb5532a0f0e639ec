/** Callbacks as the admin API handles them: minted, shown, listed, closed. */

import { showCalls } from "../../core/callback/call-record.ts";
import { type Callback, type CallbackView, showCallback, statusOf } from "../../core/callback/callback.ts";
import { toMs } from "../../core/duration.ts";
import { retentionEnd } from "../../core/execution/retention.ts";
import type { StoredBody } from "../../core/message/body.ts";
import type { CallbackSettings } from "../../core/schema/callback.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { nextSequence } from "../../core/security/signed-id.ts";
import type { Callbacks } from "../../storage/sql/callbacks.ts";
import type { DatabaseQuota } from "../../storage/sql/database-quota.ts";
import type { GroupCommit } from "../write/group-commit.ts";
import type { Claim } from "./calls.ts";

/** Rows read for one part of a list. */
const LIST_SCAN = 5_000;

/** The callbacks that a list shows. */
export interface CallbackFilter {
  readonly workspaceId: string;
  readonly status?: CallbackView["status"] | undefined;
}

/** The new facts of a minted callback; the caller knows the others. */
export interface Minted extends Pick<Callback, "createdAt" | "expiresAt"> {
  readonly state: string;
}

interface CallbackAdminParts {
  readonly callbacks: Callbacks;
  readonly claims: ReadonlyMap<number, Claim>;
  readonly commit: GroupCommit;
  readonly quota: DatabaseQuota;
  /** Called when a row was written, so that its retention is scheduled. */
  readonly onWrite: () => void;
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

  /** Resolves once the callback is durable; `database-full` when the shard accepts nothing new. */
  mint(
    workspace: Pick<Workspace, "id" | "name" | "retentionDays">,
    origin: string,
    settings: CallbackSettings,
  ): Promise<Minted | "database-full"> {
    const { callbacks, commit, quota, stateOf, onWrite } = this.#parts;
    return commit.run((write) => {
      const createdAt = Date.now();
      if (quota.isFull(createdAt)) return "database-full";
      const { expiresInSeconds } = settings;
      const expiresAt = expiresInSeconds === undefined ? null : createdAt + toMs(expiresInSeconds);
      const sequence = nextSequence(this.#lastSequence, createdAt);
      const owner = { workspaceId: workspace.id, workspaceName: workspace.name };
      const callback = { sequence, ...owner, origin, settings, createdAt, expiresAt };
      callbacks.insert(write, callback, expiresAt === null ? null : retentionEnd(expiresAt, workspace));
      write.after(() => {
        this.#lastSequence = sequence;
        onWrite();
      });
      return { state: stateOf(sequence), createdAt, expiresAt };
    });
  }

  /** Closes a callback; one that is closed stays so. False when the workspace has no such callback. */
  close(sequence: number, workspace: Pick<Workspace, "id" | "retentionDays">): Promise<boolean> {
    const { callbacks, commit } = this.#parts;
    return commit.run((write) => {
      const callback = this.#of(workspace.id, sequence);
      if (!callback) return false;
      const claim = this.#parts.claims.get(sequence);
      const closedAt = callback.closedAt ?? Date.now();
      if (callback.closedAt === null || callback.kept)
        callbacks.update(write, sequence, { ...callback, closedAt, kept: null }, retentionEnd(closedAt, workspace));
      write.after(() => {
        if (claim) claim.isClosed = true;
      });
      return true;
    });
  }

  show(sequence: number, workspaceId: string) {
    const callback = this.#of(workspaceId, sequence);
    return callback && { ...this.#show(callback), calls: showCalls(callback.calls) };
  }

  /** Callbacks that match, newest first, with keys below `before`, without their bodies. Reads a bounded number of rows. */
  list(filter: CallbackFilter, before: number | null, limit: number) {
    const items: (Omit<CallbackView, "responseBody"> & { seq: number })[] = [];
    const now = Date.now();
    let rows = 0;
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
      if (items.length >= limit || ++rows >= LIST_SCAN) return { items, before: sequence, downTo: createdAt };
    }
    return { items, before: null, downTo: 0 };
  }

  /** The stored body of a call. */
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
