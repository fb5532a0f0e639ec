/** After the load: waits until every execution has ended, and reads all of them. */

import { setTimeout as sleep } from "node:timers/promises";
import type { WorkspaceClient } from "../../src/client/index.ts";
import { inParallel } from "../lib/in-parallel.ts";
import type { CallbackView, ExecutionView, Recorder } from "./checks/history.ts";
import { numberIn } from "./load/messages.ts";

const OPEN = ["queued", "running", "waiting", "retrying"];
const AT_ONCE = 6;
const LOOK_EVERY_MS = 300;

/** Waits until no execution has one of the statuses, or the time is over. */
export async function waitUntilQuiet(
  { executions }: WorkspaceClient,
  longestMs: number,
  statuses: readonly string[] = OPEN,
): Promise<void> {
  const end = Date.now() + longestMs;
  for (;;) {
    let open = 0;
    for (const status of statuses) {
      const page = await executions.list({ status, limit: 100 }).catch(() => null);
      open += page?.items.length ?? 1;
    }
    if (open === 0 || Date.now() > end) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Every execution of the workspace, with the numbers of their messages. */
export async function collectExecutions({ executions }: WorkspaceClient, recorder: Recorder): Promise<ExecutionView[]> {
  const all = await executions.all({ most: Number.POSITIVE_INFINITY });
  const known = messagesKnown(recorder);
  return inParallel(all, AT_ONCE, async ({ id }) => {
    const view = await executions.get(id);
    const message = known.get(id) ?? numberIn(await (await executions.message(id, "input")).text());
    return { ...view, message };
  });
}

export function collectCallbacks(
  { callbacks }: WorkspaceClient,
  minted: ReadonlyMap<number, string>,
): Promise<CallbackView[]> {
  return inParallel([...minted], AT_ONCE, async ([callback, state]) => {
    const view = await callbacks.get(state);
    return { callback, state, status: view.status, outcomes: view.calls.map(({ outcome }) => outcome) };
  });
}

/** The message number of each execution that partners were asked for. */
function messagesKnown({ events }: Recorder): Map<string, number> {
  const known = new Map<string, number>();
  for (const event of events)
    if (event.kind === "request" && event.message >= 0) known.set(event.executionId, event.message);
  return known;
}
