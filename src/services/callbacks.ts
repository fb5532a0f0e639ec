/** Callbacks: created for their owner, and passed to their shard when somebody calls them. */
import { createHash } from "node:crypto";
import { showCallback } from "../core/callback/callback.ts";
import { decodeText, type InlineBody, inlineBody, isStored } from "../core/message/body.ts";
import { databaseFull, type FieldError, invalidInput, notFound, Refusal } from "../core/refusal.ts";
import {
  type CallbackConfig,
  type CallbackInput,
  type CallbackSettings,
  callbackSettings,
  STATE_PARAMETER,
} from "../core/schema/callback.ts";
import { check } from "../core/schema/check.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { checkDestination } from "../core/security/destination.ts";
import { type Address, readSignedId } from "../core/security/signed-id.ts";
import { unreachable } from "../core/unreachable.ts";
import type { CallbackFilter } from "../shard/callbacks/admin.ts";
import type { CallbackCall } from "../shard/callbacks/call-result.ts";
import type { UseAnswer } from "../shard/callbacks/calls.ts";
import { incoming, readWhole, receiveBody } from "../storage/bodies/bodies.ts";
import { brokenOff } from "../storage/bodies/store-failed.ts";
import { recordId } from "../storage/kv/record-id.ts";
import { checkSigningSecret } from "./configuration/flows.ts";
import type { Lookup } from "./configuration/lookup.ts";
import { listShards } from "./listing.ts";
import type { RequestContext } from "./request-context.ts";
import { shardFor, shardStub } from "./shards.ts";

/** Largest form that may contain a state, in bytes: a SAML response is far smaller. */
const FORM_LIMIT_BYTES = 1024 * 1024;

/** Creates a callback from a stored configuration and the request's fields, which take precedence (GD15). */
export async function createCallback(
  context: RequestContext,
  workspace: Workspace,
  origin: string,
  input: CallbackInput,
) {
  const { config: name, ...own } = input;
  const stored = name === undefined ? null : await context.store.callbackConfigs.get(recordId(workspace.id, name));
  if (name !== undefined && !stored) {
    return invalidInput([{ field: "config", message: `the callback configuration ${name} does not exist` }]);
  }
  const { name: _, ...defaults }: Partial<CallbackConfig> = stored ?? {};
  const settings = check(callbackSettings, { ...defaults, ...own });
  if (settings instanceof Refusal) return settings;
  const errors = await checkActivity(context, workspace, settings.callbackActivity);
  if (errors.length > 0) return invalidInput(errors);
  const stub = shardStub(context.env, shardFor(workspace, null));
  const { id, name: workspaceName, retentionDays } = workspace;
  const owner = { id, name: workspaceName, retentionDays };
  const base = context.config.publicUrl ?? origin;
  const minted = await stub.mintCallback(owner, base, settings);
  if (minted === "database-full") return databaseFull();
  const { state, createdAt, expiresAt } = minted;
  return showCallback({ settings, origin: base, createdAt, expiresAt, closedAt: null }, state, null, createdAt);
}

interface CallbackQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: CallbackFilter["status"];
}

/** One page of the callbacks of a workspace, newest first. */
export function listCallbacks({ env }: RequestContext, workspace: Workspace, { limit, cursor, status }: CallbackQuery) {
  const filter = { workspaceId: workspace.id, status };
  return listShards(workspace, limit, cursor, (shard, before) =>
    shardStub(env, shard).listCallbacks(filter, before, limit),
  );
}

/** Checks that the flow and the secret of an activity exist, and that its destination is allowed (ND16). */
export async function checkActivity(
  { store, config }: { readonly store: Lookup; readonly config: RequestContext["config"] },
  workspace: Workspace,
  activity: CallbackSettings["callbackActivity"] | undefined,
): Promise<FieldError[]> {
  switch (activity?.type) {
    case undefined:
    case "record":
      return [];
    case "flow":
      if (await store.flows.get(recordId(workspace.id, activity.flow))) return [];
      return [{ field: "callbackActivity.flow", message: `the flow ${activity.flow} does not exist` }];
    case "http": {
      const url = checkDestination(activity.url, { allowPrivate: config.allowPrivateDestinations });
      const errors = typeof url === "string" ? [{ field: "callbackActivity.url", message: url }] : [];
      const field = "callbackActivity.signingSecret";
      return [...errors, ...(await checkSigningSecret(store, workspace, activity.signingSecret, field))];
    }
    default:
      return unreachable(activity);
  }
}

/** The address in the state of a callback; null for a state that the gateway did not make for the workspace. */
export function locateCallback(keys: readonly string[], workspace: Workspace, state: string): Address | null {
  const address = readSignedId(keys, "callback", state);
  return address && workspace.placement.includes(address.shard) ? address : null;
}

/** A call of `/cb/{state}`. */
export function useByPath(context: RequestContext, request: Request, state: string): Promise<UseAnswer | Refusal> {
  return use(context, request, null, () => state);
}

/** A call of `/cbq/{parameter}`: the state is in the query, else in a form body (GD10). */
export async function useByParameter(
  context: RequestContext,
  request: Request,
  name: string,
): Promise<UseAnswer | Refusal> {
  if (!STATE_PARAMETER.test(name)) return notFound();
  return use(
    context,
    request,
    name,
    (query, form) => (Object.hasOwn(query, name) && query[name]) || form?.get(name) || null,
  );
}

type FindState = (query: Record<string, string>, form: URLSearchParams | null) => string | null;

async function use(
  context: RequestContext,
  request: Request,
  parameter: string | null,
  findState: FindState,
): Promise<UseAnswer | Refusal> {
  const { env, config, url } = context;
  const query = Object.fromEntries(url.searchParams);
  const early = findState(query, null);
  // A state in the URL is checked before the body is read. Without one, the body has to be read first.
  const form = early === null ? await readForm(request) : null;
  if (form instanceof Refusal) return form;
  const state = early ?? findState(query, form && new URLSearchParams(decodeText(form)));
  if (state === null) return new Refusal("invalid-request", `The parameter ${parameter} is missing.`);
  const address = readSignedId(config.signingKeys, "callback", state);
  if (!address) return notFound();

  const source = form ? incoming(new Response(form.bytes as BodyInit, { headers: typeOf(form) })) : incoming(request);
  const body = await receiveBody(env.BODIES, "callback", source).catch(brokenOff);
  if (body === null || body === "too-large") {
    return new Refusal("body-incomplete", "The request body ended before its announced length.");
  }
  const method = request.method.toLowerCase();
  const digest = isStored(body) ? body.sha256 : createHash("sha256").update(body.bytes).digest("hex");
  const call: CallbackCall = {
    sequence: address.sequence,
    method,
    parameter,
    query,
    headers: Object.fromEntries(request.headers),
    body,
    fingerprint: createHash("sha256").update(`${method}\n${url.search}\n${digest}`).digest("base64url"),
    origin: config.publicUrl ?? url.origin,
  };
  return shardStub(env, address.shard).useCallback(call);
}

const typeOf = ({ type }: InlineBody): Record<string, string> => (type === null ? {} : { "content-type": type });

async function readForm(request: Request) {
  const type = request.headers.get("content-type");
  if (!/^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type ?? "")) return null;
  const bytes = await readWhole(incoming(request), FORM_LIMIT_BYTES).catch(() => null);
  if (bytes === null) return new Refusal("body-incomplete", "The request body ended before its announced length.");
  if (bytes === "too-large") return new Refusal("too-large", `A form must not exceed ${FORM_LIMIT_BYTES} bytes.`);
  return inlineBody(type, bytes);
}
