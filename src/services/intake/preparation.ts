/** What a trigger makes of a message before a shard takes it in: data processing, lane and idempotency key. */
import { createHash } from "node:crypto";
import { type Body, type InlineBody, isStored, templateValue } from "../../core/message/body.ts";
import {
  configuredQuery,
  type RequestMetadata,
  renderBody,
  requestValues,
  templateSource,
  withoutCredentials,
} from "../../core/message/request-values.ts";
import { membersUsed, renderTemplate } from "../../core/message/template.ts";
import { invalidInput, Refusal } from "../../core/refusal.ts";
import type { Trigger } from "../../core/schema/trigger.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { deliveryId, isDeliveryIdInBody } from "../../core/security/delivery-id.ts";
import { keepBody, loadBody } from "../../storage/bodies/bodies.ts";

/** Largest body that templates work on, in bytes. */
export const TEMPLATE_BODY_LIMIT_BYTES = 1024 * 1024;
const NO_REQUEST: RequestMetadata = { method: "POST", query: {}, headers: {} };
/** Longest key of a lane or of a message, in characters. */
const KEY_LIMIT = 255;

export interface Prepared {
  /** The message that the flow starts with, where it is not the body as it came. */
  readonly message?: Body;
  /** Kept for the templates that come later: the output's, and the input's when the message is taken up again. */
  readonly request?: RequestMetadata;
  readonly lane: string | null;
  /** What decides the shard: messages of one group meet in one shard. Null for any shard. */
  readonly group: string | null;
  readonly dedup: { readonly key: string; readonly fingerprint: string } | null;
}

/** What a trigger sees of a request beside its body. */
export const factsOf = (request: Request, url: URL, { query }: Trigger): RequestMetadata => ({
  method: request.method,
  query: configuredQuery(url.searchParams, query),
  get headers() {
    return withoutCredentials(request.headers);
  },
});

/**
 * @param facts null for a message that is taken up again, where its request is not kept beside it.
 * @param headers those of the request, for idempotency keys; null for a message that is taken up again on purpose.
 * @param earlierLane the lane of a message that is taken up again.
 */
export async function prepare(
  bucket: R2Bucket,
  workspace: Workspace,
  trigger: Trigger,
  facts: RequestMetadata | null,
  headers: Headers | null,
  input: Body,
  earlierLane: string | null = null,
): Promise<Prepared | Refusal> {
  const { orderedDelivery, maxConcurrency, rate, output } = trigger;
  const body = usesBody(trigger) ? await loadBody(bucket, input, TEMPLATE_BODY_LIMIT_BYTES) : input;
  if (body === null) {
    return new Refusal("too-large", `A body above ${TEMPLATE_BODY_LIMIT_BYTES} bytes cannot go through a template.`);
  }
  const request = facts ?? NO_REQUEST;
  const values = requestValues(request, body);
  const base = `${workspace.id}/${trigger.name}`;

  const source = typeof orderedDelivery === "object" ? orderedDelivery.key : undefined;
  const known = facts ? null : earlierKey(source, base, earlierLane);
  const key = known ?? render("orderedDelivery.key", source, values);
  if (key instanceof Refusal) return key;
  const dedup = headers && findKey(workspace, trigger, headers, input, isStored(body) ? null : body, values);
  if (dedup instanceof Refusal) return dedup;
  const message = trigger.input === undefined ? null : renderBody(trigger.input, { ...values, message: values.body });
  if (message && "error" in message) return invalidInput([{ field: "input", message: message.error }]);

  const isLane = orderedDelivery !== false || maxConcurrency !== undefined;
  const lane = isLane ? (key === null ? base : `${base}/${key}`) : null;
  return {
    ...(message && { message: await keepBody(bucket, workspace.id, message) }),
    ...((message || output !== undefined) && { request }),
    ...{ lane, group: rate ? base : lane, dedup },
  };
}

/**
 * The key under which a repeated message is recognised (ND13): the sender's own, the trigger's, or the provider's
 * delivery id. The sender's own also vouches for the body.
 */
function findKey(
  workspace: Workspace,
  trigger: Trigger,
  headers: Headers,
  input: Body,
  body: InlineBody | null,
  values: object,
): Prepared["dedup"] | Refusal {
  const scoped = (kind: string, text: string) => hash(`${workspace.id}/${trigger.name}\n${kind}\n${text}`);
  const sent = headers.get("idempotency-key")?.trim();
  if (sent && sent.length > KEY_LIMIT) {
    return new Refusal("invalid-request", `The header Idempotency-Key exceeds ${KEY_LIMIT} characters.`);
  }
  if (sent) {
    const fingerprint = isStored(input) ? input.sha256 : createHash("sha256").update(input.bytes).digest("hex");
    return { key: scoped("sender", sent), fingerprint };
  }
  const own = render("deduplicate.key", trigger.deduplicate?.key, values);
  if (own instanceof Refusal) return own;
  if (own) return { key: scoped("trigger", own), fingerprint: "" };
  const scheme = trigger.auth.type === "signature" ? trigger.auth.scheme : null;
  const provided =
    scheme && deliveryId(scheme, headers, () => body && templateValue({ ...body, type: "application/json" }));
  return provided ? { key: scoped("provider", provided), fingerprint: "" } : null;
}

/** What a request made of a key stands in the lane, where the request itself is not kept. */
function earlierKey(source: string | undefined, base: string, lane: string | null): string | null {
  const isOfRequest = ["query", "headers", "method"].some((name) => membersUsed(source ?? "", name).length > 0);
  return isOfRequest && lane?.startsWith(`${base}/`) ? lane.slice(base.length + 1) : null;
}

/** A key of a message; what is missing is empty, because a key is no claim about the message. */
function render(field: string, source: string | undefined, values: object): string | null | Refusal {
  if (source === undefined) return null;
  const rendered = renderTemplate(source, values, { lenient: true });
  if ("error" in rendered) return invalidInput([{ field, message: rendered.error }]);
  const key = rendered.text.trim();
  return key.length <= KEY_LIMIT ? key : invalidInput([{ field, message: `makes more than ${KEY_LIMIT} characters` }]);
}

function usesBody({ input, deduplicate, orderedDelivery, auth }: Trigger): boolean {
  const key = typeof orderedDelivery === "object" ? orderedDelivery.key : undefined;
  const sources = [input && templateSource(input), deduplicate?.key, key].filter((source) => source !== undefined);
  const isNamed = sources.some((source) => ["body", "message"].some((name) => membersUsed(source, name).length > 0));
  return isNamed || (auth.type === "signature" && isDeliveryIdInBody(auth.scheme));
}

const hash = (text: string) => createHash("sha256").update(text).digest("base64url");
