import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { ExecutionFilter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { usePages } from "../../data/use-pages.ts";
import { mergeLive } from "./merge-live.ts";

const NEWEST = 100;
const LIVE_MS = 3_000;

/** The list of executions: loaded page by page while the person scrolls, and kept up to date at its front. */
export function useExecutions(filter: ExecutionFilter, isLive: boolean) {
  const workspace = useWorkspace();
  const key = keyOf(workspace, "executions", "list", JSON.stringify(filter));
  const { query: pages, loadMore } = usePages({
    queryKey: key,
    load: (page, options) => workspace.executions.list({ ...filter, ...page }, options),
    refetchOnWindowFocus: false,
    // Comparing ten thousand rows with themselves for every page would be most of the work.
    structuralSharing: false,
  });
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: ({ signal }) => workspace.executions.list({ ...filter, limit: NEWEST }, { signal }),
    enabled: isLive && pages.data !== undefined,
    refetchInterval: LIVE_MS,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage } = pages;
  const merged = useMemo(
    () => data && mergeLive(data.pages, isLive ? newest.data : undefined),
    [data, newest.data, isLive],
  );
  useEffect(() => {
    if (merged === null) void refetch();
  }, [merged, refetch]);
  const rows = merged ?? data?.pages.flatMap(({ items }) => items);
  return { query: { data: rows, error, refetch }, loadMore, hasMore: hasNextPage, isLoadingMore: isFetchingNextPage };
}
