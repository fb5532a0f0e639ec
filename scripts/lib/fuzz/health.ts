/** Whether a gateway is well after whatever was done to it. */
import { setTimeout as sleep } from "node:timers/promises";
import { goodMessage, TRIGGER_NAMES } from "./triggers.ts";
import type { Tenant, World } from "./world.ts";

interface Lane {
  readonly id: string;
  readonly trigger: string;
  readonly depth: number;
  readonly blockedSince: string | null;
  readonly paused: boolean;
}

const ENDED = ["succeeded", "failed", "cancelled"];
const SECRET = "hidden";

/** Lets every lane of a workspace run empty: paused ones go on, blocked ones leave their head out. Answers those that do not. */
export async function drain({ root }: World, { name }: Tenant, withinMs: number): Promise<string[]> {
  const end = Date.now() + withinMs;
  for (;;) {
    const lanes = await everyLane(root, name);
    const waiting = lanes.filter(({ depth }) => depth > 0);
    for (const { id, paused, blockedSince } of lanes) {
      const action = paused ? "resume" : blockedSince ? "skip" : null;
      // A head that ends meanwhile is no failure.
      if (action)
        await root.post(`/workspaces/${name}/lanes/${encodeURIComponent(id)}/${action}`, {}).catch(() => null);
    }
    if (waiting.length === 0) return [];
    if (Date.now() > end) return waiting.map(({ id, trigger, depth }) => `lane ${id} of ${trigger}: ${depth} wait`);
    await sleep(100);
  }
}

async function everyLane(root: World["root"], name: string): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (let cursor = ""; ; ) {
    const path = `/workspaces/${name}/lanes?limit=100${cursor}`;
    const page = await root.get<{ items: Lane[]; nextCursor?: string }>(path);
    lanes.push(...page.items);
    if (!page.nextCursor) return lanes;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Sends a good message to every trigger of the steady tenant and waits for what becomes of it; answers what goes wrong. */
export async function tryEverything({ root, steady, pools }: World, url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const trigger of TRIGGER_NAMES) {
    const apiKey = pools.steady.get("api-keys")?.[0] ?? "";
    const response = await fetch(`${url}/${steady.name}/${trigger}`, goodMessage(trigger, SECRET, apiKey));
    await response.body?.cancel();
    const id = response.headers.get("hookback-execution-id");
    if (id === null) wrong.push(`a message to ${trigger}: ${response.status} without an execution`);
    else if (!(await endsWithin(root, steady.name, id, 15_000))) wrong.push(`a message to ${trigger} does not end`);
  }
  const made = await root.post<{ callbackUrl: string }>(`/workspaces/${steady.name}/callbacks`, {
    callbackActivity: { type: "record" },
    responseType: "response",
    responseBody: "fine",
  });
  const called = await fetch(made.callbackUrl);
  if ((await called.text()) !== "fine") wrong.push(`a new callback: ${called.status}`);
  if ((await fetch(`${url}/healthz`)).status !== 200) wrong.push("/healthz");
  return wrong;
}

async function endsWithin(root: World["root"], name: string, id: string, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  for (;;) {
    const { status } = await root.get<{ status: string }>(`/workspaces/${name}/executions/${id}`);
    if (ENDED.includes(status)) return true;
    if (Date.now() > end) return false;
    await sleep(50);
  }
}

/** Whether the tenants' own tokens are still good: without them all would have been turned away at the door. */
export async function tryTokens({ steady, scratch }: World, url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, token } of [steady, scratch]) {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await fetch(`${url}/api/v1/workspaces/${name}/flows`, { headers });
    if (status !== 200) wrong.push(`the token of ${name}: ${status}`);
  }
  return wrong;
}

/** Reads every list and every item on it, of each tenant; answers what cannot be read. */
export async function readEverything({ root, steady, scratch, victim }: World): Promise<string[]> {
  const wrong: string[] = [];
  const lists = ["flows", "triggers", "secrets", "callback-configs", "adapters", "callbacks", "executions", "lanes"];
  const paths = ["/workspaces", "/tokens"];
  for (const { name } of [steady, scratch, victim]) paths.push(...lists.map((list) => `/workspaces/${name}/${list}`));
  for (const path of paths) {
    let cursor = "";
    // Some lists are long; their first pages are those that were changed last.
    for (let page = 0; page < 10; page++) {
      const read = await root
        .get<{ nextCursor?: string }>(`${path}?limit=100${cursor}`)
        .catch((error: Error) => wrong.push(error.message) && {});
      if (!("nextCursor" in read) || read.nextCursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(read.nextCursor)}`;
    }
  }
  return wrong;
}
