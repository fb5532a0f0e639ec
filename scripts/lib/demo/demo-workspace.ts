/** The workspace `demo`: its flows and triggers, and the partner that answers them. Setting it up again resets these. */
import { ApiProblem, type Client, type StepInput, type TriggerInput } from "../../../src/client/index.ts";
import { PARTNER_NAME, type Partner, startPartner } from "./partner.ts";

export const DEMO = "demo";
const TOKEN_LABEL = "demo partner";

/** Short, because the demo's partner is local. */
const FAST = { delaysSeconds: [0.2, 1, 5] };

type HttpStepInput = Extract<StepInput, { type: "http" }>;

interface Endpoint {
  readonly steps: readonly (Partial<HttpStepInput> & { readonly name: string; readonly path: string })[];
  readonly trigger: Omit<TriggerInput, "flow">;
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

/** Starts the partner and points the workspace's flows to it. It uses its previous port if that is free. */
export async function openDemo(client: Client): Promise<Partner> {
  if (!(await found(client.workspaces.get(DEMO)))) await client.workspaces.put(DEMO, {});
  const { flows, triggers } = client.workspace(DEMO);
  const known = await partnerUrl(client);
  const partner = await startPartner(await renewToken(client), known ? Number(new URL(known).port) : 0);
  for (const [name, { steps, trigger }] of Object.entries(ENDPOINTS)) {
    await flows.put(name, {
      steps: steps.map(({ path, ...step }) => ({ type: "http", url: partner.url + path, retry: FAST, ...step })),
    });
    await triggers.put(name, { flow: name, ...trigger });
  }
  return partner;
}

/** True when the workspace exists and its partner answers. */
export async function isDemoOpen(client: Client): Promise<boolean> {
  const url = await partnerUrl(client);
  if (!url) return false;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    .then((response) => response.json() as Promise<{ name?: unknown }>)
    .catch(() => null);
  return answer?.name === PARTNER_NAME;
}

/** The partner's origin in the stored flows; null without one. */
async function partnerUrl(client: Client): Promise<string | null> {
  const step = (await found(client.workspace(DEMO).flows.get("stock")))?.steps[0];
  return step?.type === "http" && URL.canParse(step.url) ? new URL(step.url).origin : null;
}

/** Resolves to null for 404. */
const found = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  });

/** Creates a token that may only send callbacks. Earlier tokens are deleted, because only their partner knew them. */
async function renewToken({ tokens }: Client): Promise<string> {
  for (const { id, label } of await tokens.all()) if (label === TOKEN_LABEL) await tokens.delete(id);
  const permissions = ["asyncflow.callback.send" as const];
  return (await tokens.create({ label: TOKEN_LABEL, permissions, workspace: DEMO })).token;
}
