/** The content of a fuzzed gateway: a tenant that must keep working, one that may break, and one that must stay hidden. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CallbackInput,
  type Client,
  createClient,
  type TokenInput,
  type WorkspaceClient,
} from "../../src/client/index.ts";
import type { Partner } from "./partner.ts";
import { TRIGGERS } from "./triggers.ts";

/** Known values of path parameters, by the segment before the parameter or by another noun. */
export type Pool = Map<string, string[]>;

/** Most values stored per noun; the oldest are removed. */
const POOLED = 300;

export interface Tenant {
  readonly name: string;
  readonly token: string;
}

export interface World {
  readonly root: Client;
  readonly rootToken: string;
  /** Base URL of the partners; the tenant's name is appended. */
  readonly partner: string;
  readonly steady: Tenant;
  readonly scratch: Tenant;
  readonly victim: Tenant;
  /** A token of the steady workspace that may read all of it and change none of its configuration. */
  readonly builder: string;
  readonly pools: { readonly steady: Pool; readonly scratch: Pool; readonly victim: Pool };
  /** Part of all texts of the victim; no answer to others may contain it. */
  readonly mark: string;
}

export function remember(pool: Pool, noun: string, value: unknown): void {
  if (typeof value !== "string" || value === "") return;
  const known = pool.get(noun) ?? [];
  known.push(value);
  if (known.length > POOLED) known.shift();
  pool.set(noun, known);
}

export async function createWorld(gateway: string, rootToken: string, partner: Partner): Promise<World> {
  const root = createClient({ url: gateway, token: rootToken });
  const mark = `mark-${randomUUID()}`;
  const issue = async (permissions: TokenInput["permissions"], workspace?: string) =>
    (await root.tokens.create({ label: "fuzz", permissions, ...(workspace && { workspace }) })).token;
  const names = { steady: "steady", scratch: "scratch", victim: "victim" };
  for (const name of Object.values(names)) await root.workspaces.put(name, { shards: 2 });
  const reading = ["config.read", "callbacks.read", "callbacks.write", "executions.read", "executions.write"] as const;
  const pools: Record<string, Pool> & World["pools"] = { steady: new Map(), scratch: new Map(), victim: new Map() };
  partner.onSeen = (tenant, noun, value) => {
    const pool = pools[tenant];
    if (pool) remember(pool, noun, value);
  };
  await fill(root.workspace(names.steady), gateway, partner.url, pools.steady, "hidden");
  await fill(root.workspace(names.scratch), gateway, partner.url, pools.scratch, "hidden");
  await fill(root.workspace(names.victim), gateway, partner.url, pools.victim, mark);
  return {
    root,
    rootToken,
    partner: partner.url,
    steady: { name: names.steady, token: await issue([...reading, "asyncflow.callback.send"], names.steady) },
    scratch: { name: names.scratch, token: await issue(["admin"], names.scratch) },
    victim: { name: names.victim, token: "" },
    builder: await issue(["config.read", "config.write"]),
    pools,
    mark,
  };
}

/** Makes something of every kind. */
async function fill(workspace: WorkspaceClient, gateway: string, partners: string, pool: Pool, mark: string) {
  const { name } = workspace;
  const partner = `${partners}/${name}`;
  await workspace.secrets.put("erp", mark);
  await workspace.secrets.put("whsec", `whsec_${Buffer.from(mark.padEnd(24)).toString("base64")}`);
  await workspace.callbackConfigs.put("base", { responseBody: mark });
  const adapter = await workspace.adapters.create({
    ...{ name: mark, type: "input", webhook_url: `${partner}/adapter`, shared_secret: mark },
    configuration: [{ key: "text", kind: "string", label: mark, required: false }],
    ...{ timeout_seconds: 2, token_ttl_seconds: 1 },
  });
  for (const [trigger, { steps, settings }] of Object.entries(TRIGGERS(partner, adapter.id, mark))) {
    await workspace.flows.put(trigger, { steps });
    await workspace.triggers.put(trigger, { flow: trigger, ...settings });
    for (const noun of ["flows", "triggers"]) remember(pool, noun, trigger);
  }
  const key = await workspace.keys.create("keyed", { label: mark });
  const sent = await fetch(`${gateway}/${name}/keyed?k=1`, {
    method: "POST",
    body: JSON.stringify({ text: mark }),
    headers: { "x-api-key": key.key, "content-type": "application/json" },
  });
  const { executionId } = (await sent.json()) as { executionId: string };
  for (const callback of callbacks(partner, mark)) {
    const made = await workspace.callbacks.create(callback);
    remember(pool, "callbacks", made.callbackState);
    // Large enough to be kept beside the record of the call.
    if (callback.allowMultipleCalls) await fetch(made.callbackUrl, { method: "POST", body: mark.padEnd(70_000) });
  }
  // It fails, and its lane stays blocked until somebody does something about it.
  await fetch(`${gateway}/${name}/blocking`, { method: "POST", body: "!" });
  const lane = await blockedLane(workspace);
  const known = { lanes: lane, adapters: adapter.id, keys: key.id, "api-keys": key.key, executions: executionId };
  const named = { workspaces: name, secrets: "erp", "callback-configs": "base", calls: "1", cbq: "state" };
  for (const [noun, value] of Object.entries({ ...known, ...named })) remember(pool, noun, value);
}

async function blockedLane({ lanes }: WorkspaceClient): Promise<string> {
  for (;;) {
    const { items } = await lanes.list();
    const blocked = items.find(({ blockedSince }) => blockedSince);
    if (blocked) return blocked.id;
    await sleep(20);
  }
}

const callbacks = (partner: string, mark: string): CallbackInput[] => [
  { callbackActivity: { type: "record" }, responseType: "response", responseBody: mark, allowMultipleCalls: true },
  { callbackActivity: { type: "record" }, responseType: "response", responseBody: mark },
  {
    callbackActivity: { type: "http", url: `${partner}/handler`, timeoutSeconds: 2 },
    ...{ responseType: "response", responseBody: mark, allowMultipleCalls: true },
  },
  {
    callbackActivity: { type: "flow", flow: "open" },
    ...{ responseType: "redirect", responseRedirectUrl: `/${mark}`, stateQueryParameter: "state" },
    ...{ allowMultipleCalls: true },
  },
];
