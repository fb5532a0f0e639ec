/** `/{workspace}/{trigger}`: receives messages and answers the results of their executions. */
import { readPreferences, waitMsFor } from "../../core/message/prefer.ts";
import { notFound, Refusal } from "../../core/refusal.ts";
import { responseTimeoutMs } from "../../core/schema/trigger.ts";
import { readSignedId } from "../../core/security/signed-id.ts";
import { answerHandshake, handshakePlace } from "../../services/intake/handshakes.ts";
import { acceptMessage, type Endpoint, findEndpoint, pollOutcome } from "../../services/intake/intake.ts";
import { checkCredentials, receiveVerifiedBody } from "../../services/intake/trigger-auth.ts";
import type { RequestContext } from "../../services/request-context.ts";
import type { Accepted } from "../../shard/write/accepted.ts";
import { ownBodies } from "../../storage/bodies/owned-bodies.ts";
import { answer, wrongMethod } from "../problem.ts";
import { bodyResponse } from "./body-response.ts";
import { handshakeResponse } from "./handshake-response.ts";

export async function receiveMessage(
  request: Request,
  context: RequestContext,
  [workspaceName = "", triggerName = ""]: readonly string[],
): Promise<Response | Refusal> {
  const endpoint = await findEndpoint(context, workspaceName, triggerName);
  if (!endpoint) return notFound();
  const { trigger } = endpoint;
  const place = handshakePlace(endpoint, request);
  const early = place === "head" ? await answerHandshake(context, endpoint, request, null) : null;
  if (early) return early instanceof Refusal ? early : handshakeResponse(early);
  const isMethod = trigger.methods.some((method) => method === request.method);
  if (!isMethod && place !== "body") return wrongMethod(request.method, trigger.methods);

  await using bodies = ownBodies(context.env.BODIES);
  const input = await receiveVerifiedBody(context, bodies, endpoint, request);
  if (input instanceof Refusal) return input;
  const late = place === "body" ? await answerHandshake(context, endpoint, request, input) : null;
  if (late) return late instanceof Refusal ? late : handshakeResponse(late);
  if (!isMethod) return wrongMethod(request.method, trigger.methods);
  const limitMs = responseTimeoutMs(trigger);
  const preferences = readPreferences(limitMs > 0 ? request.headers.get("prefer") : null);
  const accepted = await acceptMessage(context, bodies, endpoint, request, input, waitMsFor(limitMs, preferences));
  if (accepted instanceof Refusal) return accepted;
  const isAwaited = limitMs > 0 && !preferences.respondAsync;
  const unfinished = isAwaited ? "timed-out" : "pending";
  return limitMs > 0 ? result(context, endpoint, accepted, unfinished) : pending(context, endpoint, accepted);
}

/** Answers the result of an execution to a caller with the trigger's credentials (ND15). */
export async function pollExecution(
  request: Request,
  context: RequestContext,
  [workspaceName = "", triggerName = "", id = ""]: readonly string[],
): Promise<Response | Refusal> {
  // A forged id is refused before any look-up.
  const address = readSignedId(context.config.signingKeys, "execution", id);
  if (!address) return notFound();
  const endpoint = await findEndpoint(context, workspaceName, triggerName);
  if (!endpoint) return notFound();
  if (request.method !== "GET") return wrongMethod(request.method, ["GET"]);
  const refused = await checkCredentials(context, endpoint, request);
  if (refused) return refused;
  const outcome = await pollOutcome(context, endpoint, address);
  if (!outcome) return notFound();
  const polled = { executionId: id.toLowerCase(), seq: address.sequence, outcome, isReplayed: false };
  return result(context, endpoint, polled, "pending");
}

/** The flow's result, for a request-response call and for later polling alike (ND6). */
async function result(
  context: RequestContext,
  endpoint: Endpoint,
  accepted: Accepted,
  unfinished: "timed-out" | "pending",
): Promise<Response | Refusal> {
  const { executionId, outcome } = accepted;
  const headers = headersOf(accepted);
  const about = { headers, members: { executionId } };
  switch (outcome.status) {
    case "succeeded":
      return outcome.body ? bodyResponse(context.env, outcome.body, headers) : notFound();
    case "failed": {
      const reason = outcome.failure === "error" ? "flow-failed" : "flow-broken";
      return new Refusal(reason, outcome.detail ?? "The execution failed.", about);
    }
    case "cancelled":
      return new Refusal("cancelled", "The execution was cancelled.", about);
    case "queued":
    case "running":
    case "waiting":
    case "retrying": {
      if (unfinished === "pending") return pending(context, endpoint, accepted);
      const detail = "The execution did not end within the time limit. It continues; its result will be at Location.";
      const location = locationOf(context, endpoint, executionId);
      return new Refusal("timed-out", detail, { headers: { ...headers, location }, members: { executionId } });
    }
  }
}

/** Headers of every answer about an execution. */
function headersOf({ executionId, isReplayed }: Accepted): Record<string, string> {
  return { "hookback-execution-id": executionId, ...(isReplayed && { "idempotency-replayed": "true" }) };
}

/** 202: the message is durable, the result will be at `Location` (ND5). */
function pending(context: RequestContext, endpoint: Endpoint, accepted: Accepted): Response {
  const { executionId, seq, outcome } = accepted;
  const headers = { ...headersOf(accepted), location: locationOf(context, endpoint, executionId) };
  return answer(202, { executionId, status: outcome.status, seq }, headers);
}

function locationOf({ config, url }: RequestContext, { workspace, trigger }: Endpoint, id: string): string {
  const origin = config.publicUrl ?? url.origin;
  return `${origin}/${workspace.name}/${trigger.name}/executions/${id}`;
}
