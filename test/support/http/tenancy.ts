/** A workspace with something of every kind in it, and a look at all of it. */

import { type Admin, type GatewayAddress, newWorkspace, type Workspace } from "../workspace.ts";
import type { World } from "./permissions.ts";

export interface Tenant {
  readonly workspace: Workspace;
  readonly world: World;
  /** Stands in whatever of the tenant's can hold a text. */
  readonly mark: string;
  /** The trigger's URL, its key, and the correlation that its execution waits for. */
  readonly url: string;
  readonly key: string;
  readonly correlation: string;
}

/** @param target answers 200 to the step that then waits for its callback. */
export async function createTenant(gateway: GatewayAddress, target: string): Promise<Tenant> {
  const workspace = await newWorkspace(gateway);
  const mark = `mark-${crypto.randomUUID()}`;
  const url = await workspace.endpoint(
    "used",
    [{ name: "ask", type: "http", url: target, headers: { "x-mark": mark }, async: true }],
    { orderedDelivery: true, auth: { type: "apiKeys" }, query: [{ name: "q", default: mark }] },
  );
  const { id: keyId, key } = await workspace.post<{ id: string; key: string }>("/triggers/used/keys", { label: mark });
  await workspace.put("/secrets/erp", { value: mark });
  await workspace.put("/callback-configs/base", { responseBody: mark });
  const { id: adapter } = await workspace.post<{ id: string }>("/adapters", {
    name: mark,
    type: "input",
    webhook_url: target,
    shared_secret: mark,
  });
  const callback = await workspace.post<{ callbackState: string; callbackUrl: string }>("/callbacks", {
    callbackActivity: { type: "record" },
    responseType: "response",
    responseBody: mark,
    allowMultipleCalls: true,
  });
  // Large enough to be kept beside the record of the call.
  await fetch(callback.callbackUrl, { method: "POST", body: mark.repeat(2_000) });
  const sent = await fetch(url, { method: "POST", body: mark, headers: { "x-api-key": key } });
  const { executionId } = (await sent.json()) as { executionId: string };
  const { steps } = await workspace.settled(executionId, ["waiting"]);
  const { items: lanes } = await workspace.get<{ items: { id: string }[] }>("/lanes");
  const token = await workspace.admin.call<{ id: string }>("POST", "/tokens", {
    label: mark,
    permissions: ["config.read"],
    workspace: workspace.name,
  });
  const world = {
    ...{ workspaces: workspace.name, flows: "used", triggers: "used", secrets: "erp", "callback-configs": "base" },
    ...{ keys: keyId, adapters: adapter, callbacks: callback.callbackState, calls: "1", executions: executionId },
    ...{ lanes: lanes[0]?.id ?? "", tokens: token.id },
  };
  return { workspace, world, mark, url, key, correlation: steps[0]?.correlationId ?? "" };
}

/** Everything that the admin API returns for a workspace. */
export async function look({ workspace, world }: Tenant): Promise<Record<string, unknown>> {
  const { executions, callbacks } = world;
  const paths = [
    ...["", "/flows", "/triggers", "/triggers/used/keys", "/secrets", "/callback-configs", "/adapters", "/callbacks"],
    ...["/executions", `/executions/${executions}`, "/lanes", `/callbacks/${callbacks}`],
  ];
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await workspace.get(path)])));
}

/** The labels of all stored tokens. */
export async function tokenLabels(admin: Admin): Promise<string[]> {
  const labels: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await admin.call<{ items: { label: string }[]; nextCursor?: string }>(
      "GET",
      `/tokens?limit=100${cursor}`,
    );
    labels.push(...page.items.map(({ label }) => label));
    if (!page.nextCursor) return labels;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}
