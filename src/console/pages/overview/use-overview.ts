/** The data of the overview, loaded again every few seconds. */
import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf, lanesQuery } from "../../data/queries.ts";
import { IS_CALLBACK_OVER } from "../../data/statuses.ts";
import { WINDOWS, type WindowName } from "./windows.ts";

/** Most executions that the figures are computed from: each hundred is a request. */
export const MOST_EXECUTIONS = 1_000;
/** Most waiting executions and callbacks that are counted. */
export const MOST_COUNTED = 500;
const LIVE_MS = 20_000;

export function useOverview(window: WindowName) {
  const workspace = useWorkspace();
  const live = { refetchInterval: LIVE_MS };
  const executions = useQuery({
    queryKey: keyOf(workspace, "executions", "overview", window),
    queryFn: async ({ signal }) => {
      const to = Date.now();
      const from = to - WINDOWS[window].ms;
      const query = { from: new Date(from).toISOString() };
      return { from, to, items: await workspace.executions.all({ query, most: MOST_EXECUTIONS, signal }) };
    },
    ...live,
  });
  const waiting = useQuery({
    queryKey: keyOf(workspace, "executions", "waiting"),
    queryFn: ({ signal }) => workspace.executions.all({ query: { status: "waiting" }, most: MOST_COUNTED, signal }),
    ...live,
  });
  const callbacks = useQuery({
    queryKey: keyOf(workspace, "callbacks", "open"),
    queryFn: async ({ signal }) => {
      const all = await workspace.callbacks.all({ most: MOST_COUNTED, signal });
      return { open: all.filter(({ status }) => !IS_CALLBACK_OVER[status]).length, seen: all.length };
    },
    ...live,
  });
  const lanes = useQuery({ ...lanesQuery(workspace), ...live });
  return { executions, waiting, callbacks, lanes };
}
