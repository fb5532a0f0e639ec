/**
 * What the fields of bodies mean, for the API description and for editors of configuration documents. A key is the name
 * of the field, after the field that it stands in, and after the group of the API where the name alone means several
 * things.
 */
export const FIELD_TEXTS: Readonly<Record<string, string>> = {
  // Workspaces.
  shards: "How many objects take executions at the same time. A lane stays where it began.",
  platformUrl: "Where relative redirect targets of callbacks lead, such as `/case/1:142:432` or `/page/thankyou`.",
  documentStatuses: "Document statuses that callbacks may set, beside those that the gateway has itself.",
  retentionDays: "How many days executions and callbacks are kept after their end.",

  // Flows.
  steps:
    "They run one after the other; the reply to one is the message for the next. Without any the message comes back.",
  "steps.name": "Stands in timelines and logs; each step of a flow has its own.",
  "steps.type": "What the step does.",
  "steps.url": "A template over `message`, `secrets`, `execution` and `trigger`.",
  "steps.method": "Method of the request.",
  "steps.headers": "Names and templates of their values. Headers that the gateway or the transport sets are refused.",
  "steps.async": "The other system takes the message in with 2xx and calls back later; the flow waits for it.",
  "steps.useAsyncResponseBody": "Whether the body of the callback becomes the message.",
  "steps.callbackTimeoutSeconds": "Longest wait for the callback; 604800 are 7 days, the most is a year.",
  "steps.progress": "Whether progress may be reported any number of times before the result.",
  "steps.timeoutSeconds": "Longest time for one attempt, the last byte of the reply included.",
  "steps.retry": "What happens after an attempt that failed and may go well later.",
  "retry.delaysSeconds": "The waits before further attempts; none means a single attempt.",
  "steps.signingSecret": "Name of the secret that signs the requests, in the form of Standard Webhooks.",
  "steps.adapter": "Id of the adapter; in a configuration document its name will do.",
  "steps.configuration": "A value for each key that the adapter's definition requires.",
  "steps.template":
    "A template over `message`, `execution` and `trigger`: what it makes is the message for the next step.",
  "steps.contentType": "Content type of what the template makes; without it JSON where it parses as JSON, else text.",

  // Triggers.
  flow: "Name of the flow.",
  methods: "Methods that the trigger answers to; GET and POST when it is left out.",
  auth: "Who may call. Without it everybody may.",
  "auth.type": "What a caller has to show.",
  "auth.username": "User name of basic authentication.",
  "auth.passwordSecret": "Name of the secret that is the password.",
  "auth.secret": "Name of the secret that signs; several while one is rotated, any of which may have signed.",
  "auth.scheme": "Whose form the signature has; `hmac` for any other.",
  "auth.header": "Header that the signature is in.",
  "auth.algorithm": "Hash function of the HMAC.",
  "auth.encoding": "How the signature is written.",
  "auth.prefix": "What stands before the signature in its header, such as `sha256=`.",
  "auth.timestampHeader": "Header that the time stamp is in; it may be five minutes off.",
  "auth.payload": "What is signed: `{body}` once, and `{timestamp}` where there is one.",
  handshake: "The question that a provider asks before it sends anything.",
  "handshake.scheme": "Whose handshake it is.",
  "handshake.secret": "Name of the secret that the answer is made with.",
  orderedDelivery: "Executions run one at a time, in the order in which their messages were durable.",
  "orderedDelivery.key": "A template over `query`, `headers` and `body`: each of its values has an order of its own.",
  "orderedDelivery.onFailure":
    "Whether those behind a failed execution go on, or wait until somebody retries or skips it.",
  maxConcurrency: "Most executions at work at the same time; for unordered delivery.",
  rate: "Most executions that are started within a span of time.",
  "rate.limit": "How many.",
  "rate.perSeconds": "Within how many seconds.",
  requestResponse: "Whether a call waits for the result of its execution; otherwise it gets 202 at once.",
  "requestResponse.timeoutSeconds": "Longest wait; then the caller gets 504 with the `Location` of the result.",
  query: "The query parameters that the trigger takes; templates see no others.",
  "query.name": "Name of the parameter.",
  "query.default": "Stands in where the parameter is not sent.",
  input: "A template that makes the message of the request, over `query`, `body`, `headers`, `method` and `message`.",
  "input.template": "The template.",
  "input.contentType": "Content type of what it makes; without it JSON where it parses as JSON, else text.",
  output: "A template that makes the result of what the flow ends with.",
  "output.template": "The template.",
  "output.contentType": "Content type of what it makes; without it JSON where it parses as JSON, else text.",
  deduplicate: "Recognises a repeated message, beside the sender's `Idempotency-Key`.",
  "deduplicate.key":
    "A template over `query`, `headers`, `body` and `method`; the same value within 24 hours is the same message.",
  "triggers:label": "Tells keys apart, such as by who uses it.",
  "triggers:key": "The key itself; one is generated when it is left out.",

  // Callbacks.
  callbackActivity: "What happens with a call.",
  "callbackActivity.type": "`record` keeps it, `http` asks your handler, `flow` starts a flow with its body.",
  "callbackActivity.url": "Your handler; it gets one POST for each call.",
  "callbackActivity.timeoutSeconds": "Longest time for the handler's whole answer.",
  "callbackActivity.signingSecret": "Name of the secret that signs what is sent, in the form of Standard Webhooks.",
  "callbackActivity.flow": "Name of the flow.",
  callbackActivityCase:
    "Id of the case of the activity, where it is another than the current one; sent along in a header.",
  stateQueryParameter:
    "Empty: the URL is `/cb/{state}`. With a name it is `/cbq/{name}`, and the state comes as that parameter.",
  retryableAfterError: "Whether a call that failed leaves the callback open for another.",
  allowMultipleCalls: "Whether it stays open until it expires or is closed; otherwise the first call closes it.",
  alternativeDomain: "Another domain for the URL, with `https://`. It must lead to this gateway.",
  responseType: "Whether a call is answered or redirected.",
  responseRedirectUrl: "Where it is redirected: a URL, or a path of the platform.",
  responseBody: "Body of the answer.",
  responseCode: "HTTP status of the answer.",
  responseHeaders: "Headers of the answer.",
  expiresInSeconds: "When it expires; without it never.",
  confirm: "Whether opening it shows a page with one button, and only the button uses it.",
  replay: "What an identical call gets within 24 hours after the one that closed it: 410, or the same answer.",
  config: "Name of a stored configuration, which the other fields go over.",

  // Adapters.
  "adapters:name": "What people call it; flows in configuration documents name it so.",
  "adapters:type": "`input` gets files as they came and makes data of them; `output` gets data.",
  solution: "The solution that an output adapter is registered to.",
  webhook_url: "Where it is called.",
  shared_secret: "What requests and callbacks are signed with, known to both sides. It is never shown.",
  shared_secret_from: "Name of the secret whose value is the shared secret; a new adapter needs it.",
  configuration: "What a step that calls it has to configure.",
  "configuration.key": "Name of the value.",
  "configuration.kind": "What the value is; a table is a list of rows.",
  "configuration.label": "What people see.",
  "configuration.required": "Whether a step must give it.",
  "configuration.columns": "The keys that a row of a table may have; without it any.",
  timeout_seconds: "Longest time for the whole exchange, the last byte of the reply included.",
  max_response_bytes: "Largest reply and largest callback.",
  token_ttl_seconds: "How long its callback is awaited.",

  // Secrets and tokens.
  value: "The secret itself.",
  "tokens:label": "Tells tokens apart, such as by who uses it.",
  permissions: "What the token may do; `admin` may do everything.",
  "tokens:workspace": "The only workspace that it serves; without it all.",
  expiresAt: "When it ends; without it never.",

  // Executions.
  action: "What happens with each.",
  filter: "Which executions; all of the workspace when it is empty.",
  "filter.trigger": "Those of this trigger.",
  "filter.flow": "Those of this flow.",
  "filter.status": "Those with this status.",
  "filter.from": "Those that came at this time or later.",
  "filter.to": "Those that came at this time or earlier.",
  dryRun: "Whether to count only.",

  // Configuration documents. A section that is absent is left as it is.
  $schema: "Where the JSON Schema of the document is, for editors.",
  settings: "Settings of the workspace.",
  adapters: "The whole of the adapters, by name; one that is not named is deleted.",
  flows: "The whole of the flows, by name; one that is not named is deleted.",
  triggers: "The whole of the triggers, by name; one that is not named is deleted.",
  callbackConfigs: "The whole of the stored callback configurations, by name; one that is not named is deleted.",
};

type Json = Record<string, unknown>;

/** Fields that hold several of a kind: what is in them means the same as outside. */
const CONTAINERS = ["items", "settings", "adapters", "flows", "triggers", "callbackConfigs"];
const LISTS = ["anyOf", "oneOf", "allOf"];

/** The schema with the texts of its fields. */
export function withTexts(schema: Json, group: string, parent = ""): Json {
  const properties = schema.properties as Record<string, Json> | undefined;
  const inner = (value: unknown) => withTexts(value as Json, group, parent);
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, describedField(field, name, group, parent)]),
      ),
    }),
    ...Object.fromEntries(
      LISTS.filter((name) => schema[name]).map((name) => [name, (schema[name] as Json[]).map(inner)]),
    ),
    ...(isSchema(schema.items) && { items: inner(schema.items) }),
    ...(isSchema(schema.additionalProperties) && { additionalProperties: inner(schema.additionalProperties) }),
  };
}

function describedField(field: Json, name: string, group: string, parent: string): Json {
  const path = parent === "" ? name : `${parent}.${name}`;
  const description = FIELD_TEXTS[`${group}:${path}`] ?? FIELD_TEXTS[path];
  const isContainer = parent === "" && CONTAINERS.includes(name) && (field.type === "array" || group === "config");
  return {
    ...(description !== undefined && { description }),
    // A field named `type` of a nested object is that object's; in a container it is that of the kind.
    ...withTexts(field, isContainer ? (KIND_OF[name] ?? group) : group, isContainer ? "" : name),
  };
}

/** What the sections of a configuration document are about. */
const KIND_OF: Readonly<Record<string, string>> = { adapters: "adapters", triggers: "triggers" };

const isSchema = (value: unknown): value is Json => typeof value === "object" && value !== null;
