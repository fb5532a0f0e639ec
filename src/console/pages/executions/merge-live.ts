/** Merges the newest page into a list that was loaded page by page. */
import type { ExecutionSummary, Page } from "../../../client/index.ts";

/**
 * The newest page, looked at again and again, over the pages loaded once. Within its span the newest page is the truth:
 * what it lacks there has left the filter.
 *
 * @returns the rows, newest first; null when the pages no longer reach up to the newest one and are to be loaded anew.
 */
export function mergeLive(
  pages: readonly Page<ExecutionSummary>[],
  newest: Page<ExecutionSummary> | undefined,
): ExecutionSummary[] | null {
  const loaded = pages.flatMap(({ items }) => items);
  if (!newest) return loaded;
  const last = newest.items.at(-1);
  if (newest.nextCursor === undefined || !last) return [...newest.items];
  const first = loaded[0];
  if (first && isOlder(first, last)) return null;
  return [...newest.items, ...loaded.filter((row) => isOlder(row, last))];
}

/** The order of the list: by time, then by number. */
const isOlder = (row: ExecutionSummary, than: ExecutionSummary) =>
  row.createdAt < than.createdAt || (row.createdAt === than.createdAt && row.seq < than.seq);
