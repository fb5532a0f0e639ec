/** Texts and examples of the API description that belong to no schema. */

/** Groups of operations, in the order in which a reader needs them. */
export const TAG_TEXTS: Readonly<Record<string, string>> = {
  workspaces: "A workspace is a tenant: it has triggers, flows, secrets, callbacks and executions of its own.",
  flows: "A flow is a list of steps that a message goes through.",
  triggers: "A trigger is an inbound webhook endpoint: who may call it, which flow it starts, and in which order.",
  executions: "An execution is one run of a flow for one message, with its steps and logs.",
  lanes: "Executions of a trigger with ordered delivery wait in lanes, one behind the other.",
  callbacks: "A callback is a URL that somebody else calls, once or often.",
  "callback-configs": "Settings that callbacks are created from.",
  adapters: "An adapter is a partner's service that steps call with signed requests.",
  secrets: "Templates and signatures use secrets by name. They can be replaced and deleted, never read.",
  tokens: "Personal access tokens, each with permissions, for one workspace or for all.",
  config: "The whole configuration of a workspace as one document, without secrets.",
  gateway: "The gateway as a whole.",
  messages: "For senders: triggers, and the results of the executions that they start.",
  "callback-urls": "The URLs of callbacks. A body may be anything.",
  results: "For systems that a flow waits for.",
};

/** Groups of routes whose path begins with another noun than theirs. */
export const TAG_OF_NOUN: Readonly<Record<string, string>> = {
  session: "gateway",
  metrics: "gateway",
  reseal: "gateway",
};

const EXAMPLE_ID = "0197f3a2-5d1e-7c44-9b1f-2f6d1c3a8e70";

const inPath = (name: string, description: string, example: string | number) => ({
  ...{ name, in: "path" as const, required: true, description, example },
  schema: { type: "string" as const },
});

/** Parameters in paths, by name. */
export const PATH_PARAMETERS = {
  ws: inPath("ws", "Name of the workspace: up to 39 lower-case letters, digits and hyphens.", "demo"),
  flow: inPath("flow", "Name of the flow.", "orders"),
  trigger: inPath("trigger", "Name of the trigger.", "orders"),
  name: inPath("name", "Its name.", "erp"),
  id: inPath("id", "Its id.", EXAMPLE_ID),
  state: inPath("state", "State of the callback, the last part of its URL.", EXAMPLE_ID),
  number: inPath("number", "Number of the call; the first is 1.", 1),
};

/** Examples of bodies, by operation. A test checks each against its schema. */
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
