/** What the API description says of groups and parameters, and the requests that it gives as examples. */

/** Groups of operations, in the order in which a reader needs them. */
export const TAG_TEXTS: Readonly<Record<string, string>> = {
  workspaces: "A workspace is a tenant: it has triggers, flows, secrets, callbacks and executions of its own.",
  flows: "A flow is a list of steps that a message goes through.",
  triggers: "A trigger is an inbound webhook endpoint: who may call it, which flow it starts, and in which order.",
  executions: "An execution is one run of a flow for one message, with its steps and logs.",
  lanes: "Executions of a trigger with ordered delivery stand in lanes, one behind the other.",
  callbacks: "A callback is a URL that somebody else calls, once or often.",
  "callback-configs": "Settings that callbacks are created from.",
  adapters: "An adapter is a partner's service that steps call with signed requests.",
  secrets: "Secrets stand in templates and signatures by name. They can be replaced and deleted, never read.",
  tokens: "Personal access tokens, each with permissions, for one workspace or for all.",
  config: "The whole configuration of a workspace as one document, without secrets.",
  gateway: "What concerns the gateway as a whole.",
  messages: "What senders call: triggers, and the results of what they have started.",
  "callback-urls": "What others call: the URLs of callbacks. Bodies are whatever the caller sends.",
  results: "What systems call that a flow waits for.",
};

/** Groups of routes whose path begins with another noun than theirs. */
export const TAG_OF_NOUN: Readonly<Record<string, string>> = {
  session: "gateway",
  metrics: "gateway",
  reseal: "gateway",
};

interface ParameterText {
  readonly description: string;
  readonly example?: string | number;
}

const EXAMPLE_ID = "0197f3a2-5d1e-7c44-9b1f-2f6d1c3a8e70";

/** Parameters of paths and queries by name. */
export const PARAMETER_TEXTS: Readonly<Record<string, ParameterText>> = {
  ws: { description: "Name of the workspace: up to 39 lower-case letters, digits and hyphens.", example: "demo" },
  flow: { description: "Name of the flow.", example: "orders" },
  trigger: { description: "Name of the trigger.", example: "orders" },
  name: { description: "Its name.", example: "erp" },
  id: { description: "Its id.", example: EXAMPLE_ID },
  state: { description: "State of the callback, the last part of its URL.", example: EXAMPLE_ID },
  number: { description: "Number of the call; the first is 1.", example: 1 },
  limit: { description: "Most items of the answer." },
  cursor: { description: "`nextCursor` of the page before; without it the first page." },
  status: { description: "Only those with this status." },
  from: { description: "Only those that came at this time or later." },
  to: { description: "Only those that came at this time or earlier." },
  at: { description: "`input` for the message as it came; without it as it is now." },
  dryRun: { description: "`true` only answers what would change." },
};

/** Bodies as they could be sent, by operation: each is one that its schema takes. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  putWorkspace: { shards: 4, platformUrl: "https://platform.example", documentStatuses: ["Rejected"] },
  putWorkspaceFlowsFlow: {
    steps: [
      {
        name: "enter",
        type: "http",
        url: "https://erp.example/orders",
        headers: { authorization: "Bearer {{ secrets.erp }}" },
        retry: { delaysSeconds: [1, 5, 30] },
      },
    ],
  },
  putWorkspaceTriggersTrigger: {
    flow: "orders",
    auth: { type: "apiKeys" },
    orderedDelivery: { key: "{{ query.customer }}", onFailure: "block" },
    query: [{ name: "customer" }],
  },
  postWorkspaceTriggersTriggerKeys: { label: "web shop" },
  patchWorkspaceTriggersTriggerKeysId: { label: "web shop, new" },
  postWorkspaceExecutionsBulk: { action: "retry", filter: { trigger: "orders", status: "failed" }, dryRun: true },
  postWorkspaceCallbacks: {
    callbackActivity: { type: "record" },
    responseType: "redirect",
    responseRedirectUrl: "https://shop.example/thankyou",
    expiresInSeconds: 3_600,
  },
  putWorkspaceCallbackConfigsName: {
    callbackActivity: { type: "http", url: "https://login.example/answer" },
    stateQueryParameter: "state",
    responseType: "redirect",
    retryableAfterError: true,
  },
  postWorkspaceAdapters: {
    name: "converter",
    type: "input",
    webhook_url: "https://adapter.example/",
    shared_secret: "a secret that both sides know",
    configuration: [{ key: "delimiter", kind: "string", label: "Delimiter", required: false }],
  },
  putWorkspaceAdaptersId: { name: "converter", type: "input", webhook_url: "https://adapter.example/" },
  putWorkspaceAdaptersIdRotateSharedSecret: { shared_secret: "the next secret that both sides know" },
  putWorkspaceSecretsName: { value: "the secret" },
  postTokens: { label: "validation service", permissions: ["asyncflow.callback.send"], workspace: "demo" },
  putWorkspaceConfig: {
    flows: { orders: { steps: [{ name: "enter", type: "http", url: "https://erp.example/orders" }] } },
    triggers: { orders: { flow: "orders", auth: { type: "apiKeys" } } },
  },
};
