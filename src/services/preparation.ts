/** What a trigger makes of a message before a shard takes it in: data processing, lane and idempotency key. */
import { createHash } from "node:crypto";
import { type Body, type InlineBody, isStored, templateValue } from "../protocol/body.ts";
import { deliveryId } from "../protocol/delivery-id.ts";
import { invalidInput, Refusal } from "../protocol/refusal.ts";
import {
  type RequestFacts,
  renderBody,
  requestValues,
  sourceOf,
  takeHeaders,
  takeQuery,
} from "../protocol/request-values.ts";
import type { Trigger } from "../protocol/schema/trigger.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import { membersUsed, renderTemplate } from "../protocol/template.ts";
import { bodyKey, keepBody, loadBody } from "../storage/bodies.ts";

/** Largest body that templates work on, in bytes. */
export const TEMPLATE_BODY_LIMIT_BYTES = 1024 * 1024;
const IDEMPOTENCY_KEY_LIMIT = 255;

export interface Prepared {
  /** The message that the flow starts with, where it is not the body as it came. */
  readonly message?: Body;
  /** Kept for the templates that come later: the output's, and the input's when the message is taken up again. */
  readonly request?: RequestFacts;
  readonly lane: string | null;
  /** What decides the shard: messages of one group meet in one shard. Null for any shard. */
  readonly group: string | null;
  readonly dedup: { readonly key: string; readonly fingerprint: string } | null;
}

export async function prepare(
  bucket: R2Bucket,
  workspace: Workspace,
  trigger: Trigger,
  request: Request,
  input: Body,
): Promise<Prepared | Refusal> {
  const { orderedDelivery, maxConcurrency, rate, output } = trigger;
  const facts: RequestFacts = {
    method: request.method,
    query: takeQuery(new URL(request.url).searchParams, trigger.query),
    headers: takeHeaders(request.headers),
  };
  const body = usesBody(trigger) ? await loadBody(bucket, input, TEMPLATE_BODY_LIMIT_BYTES) : input;
  if (body === null) {
    return new Refusal("too-large", `A body above ${TEMPLATE_BODY_LIMIT_BYTES} bytes cannot go through a template.`);
  }
  const values = requestValues(facts, body);

  const laneKey =
    typeof orderedDelivery === "object" ? render("orderedDelivery.key", orderedDelivery.key, values) : null;
  if (laneKey instanceof Refusal) return laneKey;
  const dedup = findKey(workspace, trigger, request, input, isStored(body) ? null : body, values);
  if (dedup instanceof Refusal) return dedup;
  const message = trigger.input === undefined ? null : renderBody(trigger.input, { ...values, message: values.body });
  if (message && "error" in message) return invalidInput([{ field: "input", message: message.error }]);

  const base = `${workspace.id}/${trigger.name}`;
  const isLane = orderedDelivery !== false || maxConcurrency !== undefined;
  const lane = isLane ? (laneKey === null ? base : `${base}/${laneKey}`) : null;
  return {
    ...(message && { message: await keepBody(bucket, bodyKey(workspace.id, crypto.randomUUID()), message) }),
    ...((message || output !== undefined) && { request: facts }),
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
  request: Request,
  input: Body,
  body: InlineBody | null,
  values: object,
): Prepared["dedup"] | Refusal {
  const scoped = (kind: string, text: string) => hash(`${workspace.id}/${trigger.name}\n${kind}\n${text}`);
  const sent = request.headers.get("idempotency-key")?.trim();
  if (sent && sent.length > IDEMPOTENCY_KEY_LIMIT) {
    return new Refusal("invalid-request", `The header Idempotency-Key exceeds ${IDEMPOTENCY_KEY_LIMIT} characters.`);
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
    scheme && deliveryId(scheme, request.headers, () => body && templateValue({ ...body, type: "application/json" }));
  return provided ? { key: scoped("provider", provided), fingerprint: "" } : null;
}

function render(field: string, source: string | undefined, values: object): string | null | Refusal {
  if (source === undefined) return null;
  const rendered = renderTemplate(source, values);
  return "error" in rendered ? invalidInput([{ field, message: rendered.error }]) : rendered.text.trim();
}

function usesBody({ input, deduplicate, orderedDelivery, auth }: Trigger): boolean {
  const key = typeof orderedDelivery === "object" ? orderedDelivery.key : undefined;
  const sources = [input && sourceOf(input), deduplicate?.key, key].filter((source) => source !== undefined);
  const isNamed = sources.some((source) => ["body", "message"].some((name) => membersUsed(source, name).length > 0));
  return isNamed || (auth.type === "signature" && ["stripe", "slack"].includes(auth.scheme));
}

const hash = (text: string) => createHash("sha256").update(text).digest("base64url");
