/** Preparation of a message before a shard accepts it: data processing, lane and idempotency key. */
import { createHash } from "node:crypto";
import { laneName, readLaneName } from "../../core/execution/lane-name.ts";
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

/** Largest body for templates, in bytes. */
const TEMPLATE_BODY_LIMIT_BYTES = 1024 * 1024;
const NO_REQUEST: RequestMetadata = { method: "POST", query: {}, headers: {} };
/** Longest key of a lane or of a message. */
const KEY_LIMIT_CHARACTERS = 255;

export interface Prepared {
  /** The message that the flow starts with, if it is not the received body. */
  readonly message?: Body;
  /** Stored for later templates: the output's, and the input's when the message is resubmitted. */
  readonly request?: RequestMetadata;
  readonly lane: string | null;
  /** Messages of one group go to the same shard. Null for any shard. */
  readonly group: string | null;
  readonly dedup: { readonly key: string; readonly fingerprint: string } | null;
}

/** The parts of a request, other than its body, that a trigger's templates see. */
export const factsOf = (request: Request, url: URL, { query }: Trigger): RequestMetadata => ({
  method: request.method,
  query: configuredQuery(url.searchParams, query),
  get headers() {
    return withoutCredentials(request.headers);
  },
});

/**
 * @param facts null for a resubmitted message whose request is not stored.
 * @param headers those of the request, for idempotency keys; null for a resubmitted message.
 * @param earlierLane the lane of a resubmitted message.
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

  const source = typeof orderedDelivery === "object" ? orderedDelivery.key : undefined;
  const known = facts || earlierLane === null ? null : earlierKey(workspace, trigger, source, earlierLane);
  const key = known ?? render("orderedDelivery.key", source, values);
  if (key instanceof Refusal) return key;
  const dedup = headers && findKey(workspace, trigger, headers, input, isStored(body) ? null : body, values);
  if (dedup instanceof Refusal) return dedup;
  const message = trigger.input === undefined ? null : renderBody(trigger.input, { ...values, message: values.body });
  if (message && "error" in message) return invalidInput([{ field: "input", message: message.error }]);

  const isLane = orderedDelivery !== false || maxConcurrency !== undefined;
  const lane = isLane ? laneName(workspace.id, trigger.name, key) : null;
  return {
    ...(message && { message: await keepBody(bucket, workspace.id, message) }),
    ...((message || output !== undefined) && { request }),
    ...{ lane, group: rate ? laneName(workspace.id, trigger.name) : lane, dedup },
  };
}

/**
 * The key by which a repeated message is recognised (ND13): the sender's, the trigger's, or the provider's delivery id.
 * With the sender's key, a different body is a conflict.
 */
function findKey(
  workspace: Workspace,
  trigger: Trigger,
  headers: Headers,
  input: Body,
  body: InlineBody | null,
  values: object,
): Prepared["dedup"] | Refusal {
  const scoped = (kind: string, text: string) => hash(`${laneName(workspace.id, trigger.name)}\n${kind}\n${text}`);
  const sent = headers.get("idempotency-key")?.trim();
  if (sent && sent.length > KEY_LIMIT_CHARACTERS) {
    return new Refusal("invalid-request", `The header Idempotency-Key exceeds ${KEY_LIMIT_CHARACTERS} characters.`);
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

/** The key that the earlier lane was made with, where its template needs a request that is not stored. */
function earlierKey({ id }: Workspace, { name }: Trigger, source: string | undefined, lane: string): string | null {
  const isOfRequest = ["query", "headers", "method"].some((member) => membersUsed(source ?? "", member).length > 0);
  const earlier = readLaneName(lane);
  return isOfRequest && earlier.workspaceId === id && earlier.trigger === name ? earlier.key : null;
}

/** A key of a message. Missing values are empty: a key makes no statement about the message. */
function render(field: string, source: string | undefined, values: object): string | null | Refusal {
  if (source === undefined) return null;
  const rendered = renderTemplate(source, values, { lenient: true });
  if ("error" in rendered) return invalidInput([{ field, message: rendered.error }]);
  // The database stores U+FFFD for a lone surrogate: the key has to be the same before and after.
  const key = rendered.text.trim().toWellFormed();
  return key.length <= KEY_LIMIT_CHARACTERS
    ? key
    : invalidInput([{ field, message: `makes more than ${KEY_LIMIT_CHARACTERS} characters` }]);
}

function usesBody({ input, deduplicate, orderedDelivery, auth }: Trigger): boolean {
  const key = typeof orderedDelivery === "object" ? orderedDelivery.key : undefined;
  const sources = [input && templateSource(input), deduplicate?.key, key].filter((source) => source !== undefined);
  const isNamed = sources.some((source) => ["body", "message"].some((name) => membersUsed(source, name).length > 0));
  return isNamed || (auth.type === "signature" && isDeliveryIdInBody(auth.scheme));
}

const hash = (text: string) => createHash("sha256").update(text).digest("base64url");
