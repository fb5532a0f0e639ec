/** When the load is over: waits until every execution has ended, and takes down how each did. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AdminClient } from "../admin-client.ts";
import type { CallbackView, ExecutionView, Recorder } from "./history.ts";
import { numberIn } from "./messages.ts";

const OPEN = ["queued", "running", "waiting", "retrying"];
const AT_ONCE = 6;
const LOOK_EVERY_MS = 300;

/** Until nothing is open any more, or nothing has changed for so long; answers how many are left. */
export async function waitUntilQuiet(admin: AdminClient, path: string, longestMs: number): Promise<number> {
  const end = Date.now() + longestMs;
  for (;;) {
    let open = 0;
    for (const status of OPEN) {
      const page = await admin
        .get<{ items: unknown[] }>(`${path}/executions?status=${status}&limit=100`)
        .catch(() => null);
      open += page?.items.length ?? 1;
    }
    if (open === 0 || Date.now() > end) return open;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Every execution of the workspace, with the numbers of their messages. */
export async function collectExecutions(
  admin: AdminClient,
  token: string,
  path: string,
  recorder: Recorder,
): Promise<ExecutionView[]> {
  const ids: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await admin.get<{ items: { id: string }[]; nextCursor?: string }>(
      `${path}/executions?limit=100${cursor}`,
    );
    ids.push(...page.items.map(({ id }) => id));
    if (!page.nextCursor) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  const known = messagesKnown(recorder);
  return inParallel(ids, async (id) => {
    const view = await admin.get<Omit<ExecutionView, "message">>(`${path}/executions/${id}`);
    return { ...view, message: known.get(id) ?? (await messageOf(admin, token, path, id)) };
  });
}

export function collectCallbacks(
  admin: AdminClient,
  path: string,
  minted: ReadonlyMap<number, string>,
): Promise<CallbackView[]> {
  return inParallel([...minted], async ([callback, state]) => {
    const view = await admin.get<{ status: string; calls: { outcome: string }[] }>(`${path}/callbacks/${state}`);
    return { callback, state, status: view.status, outcomes: view.calls.map(({ outcome }) => outcome) };
  });
}

/** What partners and senders have seen of an execution names its message. */
function messagesKnown({ events }: Recorder): Map<string, number> {
  const known = new Map<string, number>();
  for (const event of events)
    if (event.kind === "request" && event.message >= 0) known.set(event.executionId, event.message);
  return known;
}

async function messageOf(admin: AdminClient, token: string, path: string, id: string): Promise<number> {
  const authorization = `Bearer ${token}`;
  const response = await fetch(`${admin.url}/api/v1${path}/executions/${id}/message?at=input`, {
    headers: { authorization },
  });
  return numberIn(await response.text());
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) results[n] = await work(items[n] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
