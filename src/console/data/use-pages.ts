import { type InfiniteData, type UseInfiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Page } from "../../client/index.ts";

const PAGE_LIMIT = 100;

type Pages<Row> = InfiniteData<Page<Row>, string>;

interface Options<Row, Data>
  extends Omit<
    UseInfiniteQueryOptions<Page<Row>, Error, Data, readonly string[], string>,
    "queryFn" | "initialPageParam" | "getNextPageParam"
  > {
  readonly load: (
    query: { readonly limit: number; readonly cursor?: string },
    options: { readonly signal: AbortSignal },
  ) => Promise<Page<Row>>;
}

/** A list of the API that is loaded page by page while the person scrolls. */
export function usePages<Row, Data = Pages<Row>>({ load, ...options }: Options<Row, Data>) {
  const query = useInfiniteQuery({
    ...options,
    queryFn: ({ pageParam, signal }) =>
      load({ limit: PAGE_LIMIT, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (last: Page<Row>) => last.nextCursor,
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { query, loadMore };
}
