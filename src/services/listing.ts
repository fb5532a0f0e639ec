/** Rows of a workspace across its shards, merged by time. */
import { invalidCursor, readCursor, writeCursor } from "../core/list-cursor.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Workspace } from "../core/schema/workspace.ts";

interface Listed {
  readonly seq: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** One shard's part of a page, newest first. */
export interface Part<Item> {
  readonly items: readonly Item[];
  /** The next part begins before this key; null when there are no more items. */
  readonly before: number | null;
  /** The time down to which the part is complete, epoch ms. */
  readonly downTo: number;
}

/** The position of a list: the key before which each shard continues, or null for a shard that has no more items. */
type Positions = Record<string, number | null>;

/** One page of the items of all shards of a workspace, newest first. */
export async function listShards<Item extends Listed>(
  { placement }: Workspace,
  limit: number,
  cursor: string | undefined,
  ask: (shard: number, before: number | null) => Promise<Part<Item>>,
): Promise<{ items: Item[]; nextCursor?: string } | Refusal> {
  const positions = cursor === undefined ? {} : readPositions(cursor);
  if (!positions) return invalidCursor();
  const parts = await Promise.all(
    placement.map(async (shard) => {
      const before = positions[shard];
      return before === null
        ? { shard, items: [], before, downTo: 0 }
        : { shard, ...(await ask(shard, before ?? null)) };
    }),
  );
  // A part may be incomplete below `downTo`, so nothing older may be shown on this page.
  const floor = Math.max(...parts.map(({ before, downTo }) => (before === null ? 0 : downTo)));
  const merged = parts
    .flatMap(({ shard, items }) => items.map((item) => ({ shard, item, at: Date.parse(item.createdAt) })))
    .filter(({ at }) => at >= floor)
    .sort((a, b) => b.at - a.at || b.item.seq - a.item.seq)
    .slice(0, limit);

  const next: Positions = {};
  for (const { shard, items, before } of parts) {
    const shown = merged.filter((entry) => entry.shard === shard).map(({ item }) => item.seq);
    const isAllShown = shown.length === items.length;
    next[shard] = isAllShown ? before : (shown.at(-1) ?? positions[shard] ?? Number.MAX_SAFE_INTEGER);
  }
  const isOver = Object.values(next).every((before) => before === null);
  return { items: merged.map(({ item }) => item), ...(!isOver && { nextCursor: writeCursor(next) }) };
}

function readPositions(cursor: string): Positions | null {
  const value = readCursor(cursor);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const isPosition = (before: unknown) => before === null || Number.isSafeInteger(before);
  return Object.values(value).every(isPosition) ? (value as Positions) : null;
}
