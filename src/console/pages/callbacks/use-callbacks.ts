import type { CallbackStatus } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { usePages } from "../../data/use-pages.ts";

const LIVE_MS = 5_000;

/** The list of callbacks, kept up to date while it is one page: loading many pages every few seconds is too much. */
export function useCallbacks(status: CallbackStatus | undefined) {
  const workspace = useWorkspace();
  return usePages({
    queryKey: keyOf(workspace, "callbacks", "list", status ?? ""),
    load: (query, options) => workspace.callbacks.list({ status, ...query }, options),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : LIVE_MS),
  });
}
