/** Rows of a workspace across its shards, merged by time. */
import { invalidCursor, readCursor, writeCursor } from "../core/list-cursor.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Workspace } from "../core/schema/workspace.ts";

interface Listed {
  readonly seq: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What one shard answers: items newest first, where to go on, and the time down to which it has looked. */
export interface Part<Item> {
  readonly items: readonly Item[];
  /** The key before which to go on; null when there is no more. */
  readonly before: number | null;
  /** Epoch ms. */
  readonly downTo: number;
}

/** Where a list goes on: for each shard the key before which to read, or null when the shard is read to its end. */
type Positions = Record<string, number | null>;

/** One page of what every shard of a workspace lists, newest first. */
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
  // A part that stopped early is complete only down to its last look; nothing older may be shown before it goes on.
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
