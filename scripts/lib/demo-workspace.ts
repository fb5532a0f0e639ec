/** The workspace `demo`: its flows and triggers, and the partner that answers them. Setting it up again resets these. */
import type { AdminClient } from "./admin-client.ts";
import { PARTNER_NAME, type Partner, startPartner } from "./partner.ts";

export const DEMO = "demo";
const WORKSPACE = `/workspaces/${DEMO}`;
const TOKEN_LABEL = "demo partner";

/** The demo's partner is local, so what does not answer at once is not worth waiting for. */
const FAST = { delaysSeconds: [0.2, 1, 5] };

interface Endpoint {
  readonly steps: readonly { readonly name: string; readonly path: string; readonly [field: string]: unknown }[];
  readonly trigger?: object;
}

const ENDPOINTS: Record<string, Endpoint> = {
  /** A query: the ERP's answer is the answer. */
  stock: {
    steps: [{ name: "look-up", path: "/erp/stock", method: "GET" }],
    trigger: { methods: ["GET"], requestResponse: true },
  },
  /** A message in, the created id out, in JSON or XML. */
  orders: { steps: [{ name: "create", path: "/erp/orders" }], trigger: { methods: ["POST"], requestResponse: true } },
  /** The same, for consumers with an API key. */
  customers: {
    steps: [{ name: "create", path: "/erp/customers" }],
    trigger: { methods: ["POST"], auth: { type: "apiKeys" }, requestResponse: true },
  },
  /** One at a time, in order of arrival. */
  shipments: {
    steps: [{ name: "book", path: "/erp/shipments" }],
    trigger: { methods: ["POST"], orderedDelivery: true },
  },
  /** A step that is answered by callback, and one after it. */
  invoices: {
    steps: [
      { name: "validate", path: "/validation/invoices", async: true, callbackTimeoutSeconds: 300 },
      { name: "enter", path: "/erp/vouchers" },
    ],
    trigger: { methods: ["POST"] },
  },
};

/** Starts the partner and points the workspace's flows at it. It keeps its port over restarts while that is free. */
export async function openDemo(admin: AdminClient): Promise<Partner> {
  if (!(await admin.find(WORKSPACE))) await admin.put(WORKSPACE, {});
  const known = await partnerUrl(admin);
  const partner = await startPartner(await renewToken(admin), known ? Number(new URL(known).port) : 0);
  for (const [name, { steps, trigger }] of Object.entries(ENDPOINTS)) {
    await admin.put(`${WORKSPACE}/flows/${name}`, {
      steps: steps.map(({ path, ...step }) => ({ type: "http", url: partner.url + path, retry: FAST, ...step })),
    });
    await admin.put(`${WORKSPACE}/triggers/${name}`, { flow: name, ...trigger });
  }
  return partner;
}

/** Whether the workspace is there and its partner answers. */
export async function isDemoOpen(admin: AdminClient): Promise<boolean> {
  const url = await partnerUrl(admin);
  if (!url) return false;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    .then((response) => response.json() as Promise<{ name?: unknown }>)
    .catch(() => null);
  return answer?.name === PARTNER_NAME;
}

/** Where the flows look for the partner. */
async function partnerUrl(admin: AdminClient): Promise<string | null> {
  const flow = await admin.find<{ steps: { url: string }[] }>(`${WORKSPACE}/flows/stock`);
  const url = flow?.steps[0]?.url;
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null;
}

/** A token that may send callbacks and nothing else. It is known to the partner alone, so an earlier one is of no use. */
async function renewToken(admin: AdminClient): Promise<string> {
  const { items } = await admin.get<{ items: { id: string; label: string }[] }>("/tokens?limit=100");
  for (const { id, label } of items) if (label === TOKEN_LABEL) await admin.delete(`/tokens/${id}`);
  const permissions = ["asyncflow.callback.send"];
  const { token } = await admin.post<{ token: string }>("/tokens", {
    label: TOKEN_LABEL,
    permissions,
    workspace: DEMO,
  });
  return token;
}
