/** The list of executions: loaded page by page as one reads, and kept up to date at its front. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { ExecutionFilter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { mergeLive } from "./merge-live.ts";

const LIMIT = 100;
const LIVE_MS = 3_000;

export function useExecutions(filter: ExecutionFilter, isLive: boolean) {
  const workspace = useWorkspace();
  const key = keyOf(workspace, "executions", "list", JSON.stringify(filter));
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      workspace.executions.list({ ...filter, limit: LIMIT, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
    // Comparing ten thousand rows with themselves at every page would be most of the work.
    structuralSharing: false,
  });
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: ({ signal }) => workspace.executions.list({ ...filter, limit: LIMIT }, { signal }),
    enabled: isLive && pages.data !== undefined,
    refetchInterval: LIVE_MS,
  });
  const { fetchNextPage, refetch, hasNextPage, isFetchingNextPage } = pages;
  const rows = useMemo(
    () => pages.data && mergeLive(pages.data.pages, isLive ? newest.data : undefined),
    [pages.data, newest.data, isLive],
  );
  useEffect(() => {
    if (rows === null) void refetch();
  }, [rows, refetch]);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    /** Undefined until the first page is there. */
    rows: rows ?? pages.data?.pages.flatMap(({ items }) => items),
    error: pages.error,
    refetch,
    loadMore,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    /** Key of everything that shows executions. */
    key: keyOf(workspace, "executions"),
  };
}
