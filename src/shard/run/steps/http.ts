/** One attempt of an http step: the request, and the meaning of its answer. */

import { CALLBACK_URL_HEADER, CORRELATION_HEADER } from "../../../core/callback/link.ts";
import { toMs } from "../../../core/duration.ts";
import { retryAfterMs } from "../../../core/execution/backoff.ts";
import { classifyStatus } from "../../../core/execution/response-class.ts";
import { type Body, isStored, REPLY_LIMIT_BYTES, templateValue } from "../../../core/message/body.ts";
import { membersUsed, renderTemplate } from "../../../core/message/template.ts";
import { isOwn, type TraceContext, traceHeaders } from "../../../core/message/trace-context.ts";
import { type HttpStep, templatesOf } from "../../../core/schema/flow.ts";
import { checkDestination } from "../../../core/security/destination.ts";
import { piecesOfSecrets, redactSecrets } from "../../../core/security/redact.ts";
import { noSecret } from "../../../core/security/secret-box.ts";
import { ADDRESS_LENGTH } from "../../../core/security/signed-id.ts";
import { signingKey, WebhookSignature } from "../../../core/security/standard-webhooks.ts";
import { incoming, receiveBody, sendBody } from "../../../storage/bodies/bodies.ts";
import { type HttpClient, newSpanId } from "../../send/http-client.ts";
import { type Attempt, terminal } from "./attempt.ts";
import { excerptOf } from "./reply-excerpt.ts";

/** The input of an attempt. */
export interface SendContext {
  readonly bucket: R2Bucket;
  readonly http: HttpClient;
  /** True while the execution still waits for this attempt. */
  readonly isWanted: () => boolean;
  /** The value of a secret of the workspace, or null when there is none. */
  readonly secret: (name: string) => Promise<string | null>;
  readonly allowPrivateDestinations: boolean;
  readonly workspaceId: string;
  readonly executionId: string;
  /** Of an async step. */
  readonly correlationId: () => string;
  /** Number of the step run; attempts of one run share their idempotency key. */
  readonly run: number;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  readonly callbackUrl: string;
  readonly traceContext: TraceContext;
  /** The gateway's own origins. */
  readonly ownOrigins: readonly (string | null)[];
  readonly message: Body;
  readonly trigger: string | null;
}

/** True for a text that is rendered for each message. */
const isTemplate = (source: string) => source.includes("{");

/** Checked destinations of steps whose URL is no template: each is checked once. */
const fixedDestinations = new WeakMap<HttpStep, URL>();

export async function sendHttp(step: HttpStep, context: SendContext): Promise<Attempt> {
  const rendered = await renderRequest(step, context);
  if ("error" in rendered) return terminal("error", rendered.error);
  const url = destinationOf(step, rendered.url, context.allowPrivateDestinations);
  if (typeof url === "string") return terminal("error", url);
  if (isOwn(url, context.ownOrigins)) return terminal("error", "The URL leads to the gateway itself");
  const headers = requestHeaders(step, rendered.headers, context);
  if (typeof headers === "string") return terminal("error", headers);

  const unsigned = await signRequest(step, headers, context);
  if (unsigned) return terminal("error", unsigned);
  const body = step.method === "GET" ? null : await sendBody(context.bucket, context.message);
  if (step.method !== "GET" && body === null) return terminal("bug", "The stored message is gone.");

  // A host that a template makes may hold a secret.
  const isOriginPlain = /^[a-z]+:\/\/[^/{]+(?:\/|$)/i.test(step.url);
  const what = `${step.method} ${isOriginPlain ? url.origin : "to the step's URL"}`;
  const init = { method: step.method, headers, body: body as BodyInit | null };
  const started = Date.now();
  const read = (response: Response) =>
    readReply(step, response, context, `${what} answered ${response.status}`, started, rendered.secrets);
  const attempt = await context.http.send(url, () => init, toMs(step.timeoutSeconds), read, context.isWanted);
  if (typeof attempt !== "string") return attempt;
  const why = attempt === "timed-out" ? `gave no complete answer in ${step.timeoutSeconds} s` : "could not be reached";
  return { kind: "failed", failure: "bug", note: `${what} ${why}`, retry: { ...step.retry, afterMs: null } };
}

function destinationOf(step: HttpStep, text: string, allowPrivate: boolean): URL | string {
  const known = fixedDestinations.get(step);
  if (known) return known;
  const url = checkDestination(text, { allowPrivate });
  if (typeof url !== "string" && !isTemplate(step.url)) fixedDestinations.set(step, url);
  return url;
}

async function readReply(
  step: HttpStep,
  response: Response,
  { bucket, workspaceId }: SendContext,
  answered: string,
  started: number,
  secrets: () => readonly string[],
): Promise<Attempt> {
  const verdict = classifyStatus(response.status);
  if (verdict.kind !== "success") {
    const reply = await excerptOf(response, secrets());
    const afterMs = retryAfterMs(response.headers.get("retry-after"), Date.now());
    const retry = verdict.kind === "retryable" ? { ...step.retry, afterMs } : null;
    const exchange = { status: response.status, ...(reply !== "" && { reply }) };
    return { kind: "failed", failure: verdict.failure, note: answered, retry, exchange };
  }
  if (step.async) {
    await response.body?.cancel();
    const now = Date.now();
    return {
      kind: "accepted",
      note: `${answered} in ${now - started} ms`,
      exchange: { status: response.status },
      dueAt: now + toMs(step.callbackTimeoutSeconds),
    };
  }
  const body = await receiveBody(bucket, workspaceId, incoming(response), REPLY_LIMIT_BYTES);
  const exchange = { status: response.status };
  if (body === "too-large")
    return { ...terminal("bug", `${answered} with more than ${REPLY_LIMIT_BYTES} bytes`), exchange };
  return { kind: "replied", note: `${answered} with ${body.size} bytes in ${Date.now() - started} ms`, body, exchange };
}

function requestHeaders(
  step: HttpStep,
  own: [string, string][],
  context: SendContext,
): Record<string, string> | string {
  const { message, executionId, attempt } = context;
  const named = Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value]));
  if (own.length > 0 && !areHeaders(named)) return "A header of the step has a value that no header can have.";
  return {
    ...(message.type !== null && step.method !== "GET" && { "content-type": message.type }),
    ...named,
    "hookback-execution-id": executionId,
    "hookback-attempt": String(attempt),
    "idempotency-key": idempotencyKey(context),
    ...Object.fromEntries(traceHeaders(context.traceContext, executionId, newSpanId())),
    ...(step.async && { [CORRELATION_HEADER]: context.correlationId(), [CALLBACK_URL_HEADER]: context.callbackUrl }),
  };
}

/** Only templates make values that are invalid in headers: others came in a header, or were checked when they were set. */
function areHeaders(values: Readonly<Record<string, string>>): boolean {
  try {
    new Headers(values);
    return true;
  } catch {
    return false;
  }
}

/** Adds the Standard Webhooks headers when the step names a secret; returns the reason if it cannot. */
async function signRequest(
  step: HttpStep,
  headers: Record<string, string>,
  context: SendContext,
): Promise<string | null> {
  const { signingSecret, method } = step;
  if (signingSecret === undefined) return null;
  const value = await context.secret(signingSecret);
  if (value === null) return noSecret(signingSecret);
  const key = signingKey(value);
  if (!key) return `The secret ${signingSecret} cannot sign: it is not a whsec_ secret.`;
  const signature = new WebhookSignature(key, idempotencyKey(context), Date.now());
  const body = method === "GET" ? null : await sendBody(context.bucket, context.message);
  if (body instanceof ReadableStream) for await (const chunk of body) signature.update(chunk as Uint8Array);
  else if (body) signature.update(body);
  Object.assign(headers, signature.headers());
  return null;
}

/** The same for every attempt of a step run. A rotation of the signing key does not change it. */
const idempotencyKey = ({ workspaceId, executionId, run }: SendContext) =>
  `${workspaceId}-${executionId.slice(0, ADDRESS_LENGTH)}-${run}`;

async function renderRequest(step: HttpStep, context: SendContext) {
  const templates = templatesOf(step);
  const dynamic = templates.filter(({ source }) => isTemplate(source));
  const values = dynamic.length > 0 ? await templateValues(dynamic, context) : { secrets: {} };
  if ("error" in values) return { error: String(values.error) };
  const texts: string[] = [];
  for (const { field, source } of templates) {
    const rendered = isTemplate(source) ? renderTemplate(source, values) : { text: source };
    // A failure may quote what the template looked at.
    if ("error" in rendered) {
      return { error: `${field}: ${redactSecrets(rendered.error, Object.values(values.secrets))}` };
    }
    texts.push(rendered.text);
  }
  const [url = "", ...headers] = texts;
  const named = Object.keys(step.headers).map((name, i): [string, string] => [name, headers[i] ?? ""]);
  const secrets = () => [...Object.values(values.secrets), ...renderedSecrets(dynamic, values)];
  return { url, headers: named, secrets };
}

/** The texts that templates made of secrets, which a partner may repeat. */
function renderedSecrets(templates: { source: string }[], values: { secrets: Readonly<Record<string, string>> }) {
  const others = Object.fromEntries(Object.keys(values.secrets).map((name) => [name, "-"]));
  return templates
    .filter(({ source }) => membersUsed(source, "secrets").length > 0)
    .flatMap(({ source }) => {
      const [rendered, other] = [values.secrets, others].map((secrets) =>
        renderTemplate(source, { ...values, secrets }),
      );
      return rendered && other && "text" in rendered && "text" in other
        ? piecesOfSecrets(rendered.text, other.text)
        : [];
    });
}

/** The values that the templates name and no others, so that no other secret is decrypted. */
async function templateValues(templates: { source: string }[], context: SendContext) {
  const used = (name: string) => templates.flatMap(({ source }) => membersUsed(source, name));
  const secrets: Record<string, string> = {};
  for (const name of new Set(used("secrets"))) {
    const value = name === null ? null : await context.secret(name);
    if (name === null || value === null) return { error: noSecret(name ?? "") };
    secrets[name] = value;
  }
  const { message, executionId, trigger } = context;
  if (used("message").length > 0 && isStored(message)) {
    return { error: "A message above 64 KiB cannot be used in the URL or the headers of a step." };
  }
  return {
    message: isStored(message) ? null : templateValue(message),
    secrets,
    execution: { id: executionId },
    trigger: { name: trigger ?? "" },
  };
}
