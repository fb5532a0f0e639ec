/** `/{workspace}/{trigger}`: receives messages and answers the results of their executions. */
import { readPreferences, waitMsFor } from "../../core/message/prefer.ts";
import { notFound, Refusal } from "../../core/refusal.ts";
import { responseTimeoutMs } from "../../core/schema/trigger.ts";
import { readSignedId } from "../../core/security/signed-id.ts";
import { answerHandshake, handshakePlace } from "../../services/intake/handshakes.ts";
import { acceptMessage, type Endpoint, findEndpoint, type Gateway, pollOutcome } from "../../services/intake/intake.ts";
import { checkCredentials, receiveMessage as receiveBody } from "../../services/intake/trigger-auth.ts";
import type { Accepted } from "../../shard/write/receipt.ts";
import { dropBodies } from "../../storage/bodies/bodies.ts";
import { answer, wrongMethod } from "../problem.ts";
import { bodyResponse } from "./body-response.ts";
import { handshakeResponse } from "./handshake-response.ts";

export async function receiveMessage(
  request: Request,
  gateway: Gateway,
  [workspaceName = "", triggerName = ""]: readonly string[],
): Promise<Response | Refusal> {
  const endpoint = await findEndpoint(gateway, workspaceName, triggerName);
  if (!endpoint) return notFound();
  const { trigger } = endpoint;
  const place = handshakePlace(endpoint, request);
  const early = place === "head" ? await answerHandshake(gateway, endpoint, request, null) : null;
  if (early) return early instanceof Refusal ? early : handshakeResponse(early);
  const isMethod = trigger.methods.some((method) => method === request.method);
  if (!isMethod && place !== "body") return wrongMethod(request.method, trigger.methods);

  const input = await receiveBody(gateway, endpoint, request);
  if (input instanceof Refusal) return input;
  const late = place === "body" ? await answerHandshake(gateway, endpoint, request, input) : null;
  if (late) return late instanceof Refusal ? late : handshakeResponse(late);
  if (!isMethod) {
    await dropBodies(gateway.env.BODIES, [input]);
    return wrongMethod(request.method, trigger.methods);
  }
  const limitMs = responseTimeoutMs(trigger);
  const preferences = readPreferences(limitMs > 0 ? request.headers.get("prefer") : null);
  const accepted = await acceptMessage(gateway, endpoint, request, input, waitMsFor(limitMs, preferences));
  if (accepted instanceof Refusal) return accepted;
  const isAwaited = limitMs > 0 && !preferences.respondAsync;
  const unfinished = isAwaited ? "timed-out" : "pending";
  return limitMs > 0 ? result(gateway, endpoint, accepted, unfinished) : pending(gateway, endpoint, accepted);
}

/** Answers the result of an execution to a caller with the trigger's credentials (ND15). */
export async function pollExecution(
  request: Request,
  gateway: Gateway,
  [workspaceName = "", triggerName = "", id = ""]: readonly string[],
): Promise<Response | Refusal> {
  // A forged id is refused before any look-up.
  const address = readSignedId(gateway.config.signingKeys, "execution", id);
  if (!address) return notFound();
  const endpoint = await findEndpoint(gateway, workspaceName, triggerName);
  if (!endpoint) return notFound();
  if (request.method !== "GET") return wrongMethod(request.method, ["GET"]);
  const refused = await checkCredentials(gateway, endpoint, request);
  if (refused) return refused;
  const outcome = await pollOutcome(gateway, endpoint, address);
  if (!outcome) return notFound();
  const polled = { executionId: id.toLowerCase(), seq: address.sequence, outcome, isReplayed: false };
  return result(gateway, endpoint, polled, "pending");
}

/** The flow's result, for a request-response call and for later polling alike (ND6). */
async function result(
  gateway: Gateway,
  endpoint: Endpoint,
  accepted: Accepted,
  unfinished: "timed-out" | "pending",
): Promise<Response | Refusal> {
  const { executionId, outcome } = accepted;
  const headers = headersOf(accepted);
  const about = { headers, members: { executionId } };
  switch (outcome.status) {
    case "succeeded":
      return outcome.body ? bodyResponse(gateway.env, outcome.body, headers) : notFound();
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
      if (unfinished === "pending") return pending(gateway, endpoint, accepted);
      const detail = "The execution did not end within the time limit. It continues; its result will be at Location.";
      const location = locationOf(gateway, endpoint, executionId);
      return new Refusal("timed-out", detail, { headers: { ...headers, location }, members: { executionId } });
    }
  }
}

/** Headers of every answer about an execution. */
function headersOf({ executionId, isReplayed }: Accepted): Record<string, string> {
  return { "hookback-execution-id": executionId, ...(isReplayed && { "idempotency-replayed": "true" }) };
}

/** 202: the message is durable, the result will be at `Location` (ND5). */
function pending(gateway: Gateway, endpoint: Endpoint, accepted: Accepted): Response {
  const { executionId, seq, outcome } = accepted;
  const headers = { ...headersOf(accepted), location: locationOf(gateway, endpoint, executionId) };
  return answer(202, { executionId, status: outcome.status, seq }, headers);
}

function locationOf({ config, url }: Gateway, { workspace, trigger }: Endpoint, id: string): string {
  const origin = config.publicUrl ?? url.origin;
  return `${origin}/${workspace.name}/${trigger.name}/executions/${id}`;
}
