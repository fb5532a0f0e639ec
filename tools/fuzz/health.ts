/** Checks that a gateway still works after a fuzzing run. */
import { setTimeout as sleep } from "node:timers/promises";
import { PAGE_LIMIT, type WorkspaceClient } from "../../src/client/index.ts";
import { becomesTrue } from "../lib/becomes-true.ts";
import { goodMessage, TRIGGER_NAMES } from "./triggers.ts";
import type { Tenant, World } from "./world.ts";

const ENDED = ["succeeded", "failed", "cancelled"];
const SECRET = "hidden";

/** Drains every lane of a workspace: resumes paused lanes and skips the head of blocked ones. Returns the lanes that are not empty. */
export async function drain({ root }: World, { name }: Tenant, withinMs: number): Promise<string[]> {
  const end = Date.now() + withinMs;
  const { lanes } = root.workspace(name);
  for (;;) {
    const all = await lanes.all({ most: Number.POSITIVE_INFINITY });
    const waiting = all.filter(({ depth }) => depth > 0);
    for (const { id, paused, blockedSince } of all) {
      const action = paused ? "resume" : blockedSince ? "skip" : null;
      // A head that ends meanwhile is no failure.
      if (action) await lanes.act(id, action).catch(() => null);
    }
    if (waiting.length === 0) return [];
    if (Date.now() > end) return waiting.map(({ id, trigger, depth }) => `lane ${id} of ${trigger}: ${depth} wait`);
    await sleep(100);
  }
}

/** Sends a valid message to every trigger of the steady tenant and waits for its end; returns the failures. */
export async function tryEverything({ root, steady, pools }: World, url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const trigger of TRIGGER_NAMES) {
    const apiKey = pools.steady.get("api-keys")?.[0] ?? "";
    const response = await fetch(`${url}/${steady.name}/${trigger}`, goodMessage(trigger, SECRET, apiKey));
    await response.body?.cancel();
    const id = response.headers.get("hookback-execution-id");
    if (id === null) wrong.push(`a message to ${trigger}: ${response.status} without an execution`);
    else if (!(await endsWithin(root.workspace(steady.name), id, 15_000)))
      wrong.push(`a message to ${trigger} does not end`);
  }
  const made = await root.workspace(steady.name).callbacks.create({
    callbackActivity: { type: "record" },
    responseType: "response",
    responseBody: "fine",
  });
  const called = await fetch(made.callbackUrl);
  if ((await called.text()) !== "fine") wrong.push(`a new callback: ${called.status}`);
  if ((await fetch(`${url}/healthz`)).status !== 200) wrong.push("/healthz");
  return wrong;
}

const endsWithin = ({ executions }: WorkspaceClient, id: string, ms: number) =>
  becomesTrue(async () => ENDED.includes((await executions.get(id)).status), ms, 50);

/** Checks that the tenants' tokens are still valid; otherwise all requests would have been rejected as unauthorized. */
export async function tryTokens({ steady, scratch }: World, url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, token } of [steady, scratch]) {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await fetch(`${url}/api/v1/workspaces/${name}/flows`, { headers });
    if (status !== 200) wrong.push(`the token of ${name}: ${status}`);
  }
  return wrong;
}

/** Reads every list of each tenant; returns the failures. */
export async function readEverything({ root, steady, scratch, victim }: World): Promise<string[]> {
  const wrong: string[] = [];
  const read = async (what: string, { all }: { all(options: { most: number }): Promise<unknown> }) => {
    // Some lists are long; their first pages are those that were changed last.
    await all({ most: 10 * PAGE_LIMIT }).catch((error: Error) => wrong.push(`${what}: ${error.message}`));
  };
  await read("workspaces", root.workspaces);
  await read("tokens", root.tokens);
  for (const { name } of [steady, scratch, victim]) {
    const { flows, triggers, secrets, callbackConfigs, adapters, callbacks, executions, lanes } = root.workspace(name);
    const lists = { flows, triggers, secrets, callbackConfigs, adapters, callbacks, executions, lanes };
    for (const [noun, list] of Object.entries(lists)) await read(`${noun} of ${name}`, list);
  }
  return wrong;
}
