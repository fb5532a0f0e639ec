/** The list of callbacks: loaded page by page as one reads, and kept up to date while it is one page. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { CallbackStatus } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";

const LIMIT = 100;
const LIVE_MS = 5_000;

/** @param status of those that are listed; all without one. */
export function useCallbacks(status: CallbackStatus | undefined) {
  const workspace = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: keyOf(workspace, "callbacks", "list", status ?? ""),
    queryFn: ({ pageParam, signal }) =>
      workspace.callbacks.list({ status, limit: LIMIT, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    // Loading many pages anew every few seconds would be a load of its own.
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LIVE_MS),
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { query, loadMore };
}
