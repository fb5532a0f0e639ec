/** The endpoints that others call, for the API description: they have no schema of ours, because their bodies are not ours. */

const anyBody = { content: { "*/*": { schema: {} } } };
const text = { type: "string" };
const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});
const inPath = (name: string, description: string, example: string) => ({
  ...{ name, in: "path", required: true, description, example },
  schema: text,
});
/** @param example stands in the header of a request that needs it. */
const header = (name: string, description: string, example?: string) => ({
  ...{ name, in: "header", description, required: example !== undefined },
  ...(example !== undefined && { example }),
  schema: text,
});
const EXAMPLE_ID = "0197f3a2-5d1e-7c44-9b1f-2f6d1c3a8e70";
const open = (tag: string) => ({ tags: [tag], security: [] });

const callbackAnswers = {
  "2XX": { description: "The configured answer.", ...anyBody },
  "3XX": { description: "The configured redirect." },
  "400": problem("The handler rejected the call, or the state is missing."),
  "404": problem("There is no such callback."),
  "409": problem("Another call is in progress."),
  "410": problem("It has been used, closed, or has expired."),
  "502": problem("The handler failed."),
};

const perMethod = (methods: readonly string[], operation: (method: string) => object) =>
  Object.fromEntries(methods.map((method) => [method, operation(method)]));

const CALLBACK_METHODS = ["get", "post", "put", "patch", "delete"];

export const PUBLIC_PATHS = {
  "/healthz": {
    get: {
      ...open("gateway"),
      operationId: "health",
      summary: "Whether the gateway is ready",
      responses: { "200": { description: "Ready.", content: { "application/json": { schema: { type: "object" } } } } },
    },
  },
  "/cb/{state}": {
    parameters: [inPath("state", "The state of the callback: a UUID.", EXAMPLE_ID)],
    ...perMethod(CALLBACK_METHODS, (method) => ({
      ...open("callback-urls"),
      operationId: `${method}Callback`,
      summary: "Call a callback",
      ...(method !== "get" && method !== "delete" && { requestBody: anyBody }),
      responses: callbackAnswers,
    })),
  },
  "/cbq/{param}": {
    parameters: [
      inPath("param", "The state parameter of the callback; the state is the query parameter of that name.", "state"),
    ],
    ...perMethod(CALLBACK_METHODS, (method) => ({
      ...open("callback-urls"),
      operationId: `${method}CallbackByParameter`,
      summary: "Call a callback whose state is in the query or in a form",
      ...(method !== "get" && method !== "delete" && { requestBody: anyBody }),
      responses: callbackAnswers,
    })),
  },
  "/cb": {
    post: {
      tags: ["results"],
      operationId: "answerAsyncStep",
      summary: "Send the callback of an async step",
      description: "Permission: `asyncflow.callback.send`.",
      parameters: [
        header("X-Link-Correlation-Id", "As the request named it.", "$X_LINK_CORRELATION_ID"),
        header("X-Link-Status", "Ok or Failed; Progress where the step allows it.", "Ok"),
        header("X-Link-Document-Status", "With Failed: the document status to set."),
        header("X-Link-Error-Code", "With Failed: the error code."),
        header("X-Link-Error-Text", "With Failed: the text for the document status log."),
      ],
      requestBody: anyBody,
      responses: {
        "200": { description: "Accepted.", content: { "application/json": { schema: { type: "object" } } } },
        "4XX": problem("The callback is refused; the document still waits."),
      },
    },
  },
  "/adapter/callback": {
    post: {
      ...open("results"),
      operationId: "answerAdapterCall",
      summary: "Send the result of an adapter",
      parameters: [
        header("x-chainio-signature", "Base64(HMAC-SHA256(exact body bytes, shared secret)).", "$SIGNATURE"),
      ],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            example: { callback: "the token of the request", status: "success", payload: { id: 42 } },
            schema: {
              type: "object",
              required: ["callback", "status"],
              properties: {
                callback: { type: "string", description: "The token of the request, unmodified." },
                status: {
                  enum: ["success", "skipped", "error", "bug", "progress"],
                  description:
                    "How it went. `progress` is accepted where the step allows it, and does not end the wait.",
                },
                payload: { description: "Becomes the message, byte for byte." },
                files: {
                  type: "array",
                  description: "Files instead of a payload.",
                  items: {
                    type: "object",
                    properties: {
                      file_name: { type: "string", description: "Its name." },
                      mime_type: { type: "string", description: "Its content type." },
                      body: { type: "string", description: "Its content, as text or as base64." },
                      content_transfer_encoding: {
                        enum: ["utf8", "base64"],
                        description: "What the body is written as.",
                      },
                    },
                  },
                },
                message: { type: "string", description: "What people are told." },
                user_logs: {
                  type: "array",
                  description: "Entries for the log of the execution.",
                  items: {
                    type: "object",
                    properties: {
                      type: { enum: ["info", "warning", "error"], description: "Level of the entry." },
                      message: { type: "string", description: "Its text." },
                    },
                  },
                },
              },
            },
          },
        },
      },
      responses: {
        "200": { description: "Accepted.", content: { "application/json": { schema: { type: "object" } } } },
        "4XX": problem("The callback is refused."),
      },
    },
  },
  "/{workspace}/{trigger}": {
    parameters: [
      inPath("workspace", "Name of the workspace.", "demo"),
      inPath("trigger", "Name of the trigger.", "orders"),
    ],
    ...perMethod(["get", "post"], (method) => ({
      ...open("messages"),
      operationId: `${method}Message`,
      summary: "Send a message to a trigger",
      parameters: [
        header("x-api-key", "Required when the trigger uses API keys."),
        header("Idempotency-Key", "The same key and body within 24 hours is one execution."),
        header("Prefer", "`respond-async` or `wait=n` (RFC 7240)."),
      ],
      ...(method === "post" && { requestBody: anyBody }),
      responses: {
        "200": { description: "The flow's result.", ...anyBody },
        "202": { description: "The message is durable; the result will be at Location.", ...anyBody },
        "4XX": problem("The message is refused, or the flow failed because of its data."),
        "5XX": problem("The flow failed for a technical reason, or did not end in time."),
      },
    })),
  },
  "/{workspace}/{trigger}/executions/{id}": {
    parameters: [
      inPath("workspace", "Name of the workspace.", "demo"),
      inPath("trigger", "Name of the trigger.", "orders"),
      inPath("id", "Id of the execution.", EXAMPLE_ID),
    ],
    get: {
      ...open("messages"),
      operationId: "pollExecution",
      summary: "Ask for the result of an execution",
      responses: {
        "200": { description: "The flow's result.", ...anyBody },
        "202": { description: "The execution has not ended.", ...anyBody },
        "4XX": problem("The execution does not exist, or failed because of its data."),
        "5XX": problem("The flow failed for a technical reason."),
      },
    },
  },
};
