/** Handshakes of a trigger's provider: answered at once, without an execution (ND14). */
import { type Body, decodeText, isStored } from "../../core/message/body.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TriggerHandshake } from "../../core/schema/trigger-auth.ts";
import {
  answerChallenge,
  challengeLocation,
  findChallenge,
  HANDSHAKE_LIMIT_BYTES,
  type HandshakeRequest,
  type HandshakeResponse,
} from "../../core/security/handshake.ts";
import type { RequestContext } from "../request-context.ts";
import type { Endpoint } from "./intake.ts";
import { warn } from "./trigger-auth.ts";

/** The part of the request that may contain a handshake of the trigger; null for none. */
export const handshakePlace = ({ trigger }: Endpoint, { method }: Request) =>
  trigger.handshake ? challengeLocation(trigger.handshake, method) : null;

/**
 * The answer to a handshake; null for an ordinary request.
 *
 * @param body the body of a request whose credentials have been checked, for a handshake in the body.
 */
export async function answerHandshake(
  context: RequestContext,
  endpoint: Endpoint,
  request: Request,
  body: Body | null,
): Promise<HandshakeResponse | Refusal | null> {
  const { handshake } = endpoint.trigger;
  if (!handshake) return null;
  const asked: HandshakeRequest = {
    query: context.url.searchParams,
    header: (name) => request.headers.get(name),
    body: body && smallJson(body),
  };
  const question = findChallenge(handshake, asked);
  if (question === null) return null;
  if (question === "malformed") return new Refusal("invalid-request", "The handshake has no valid token.");
  const secret = await secretOf(context, endpoint, handshake);
  const answer = secret === null ? null : answerChallenge(handshake, question, secret);
  if (answer) return answer;
  warn(endpoint, handshake.scheme, secret === null ? "secret-missing" : "handshake-mismatch", null);
  return new Refusal("forbidden", "The handshake does not belong to this address.");
}

async function secretOf({ store }: RequestContext, { workspace }: Endpoint, handshake: TriggerHandshake) {
  return "secret" in handshake ? store.secrets.value(workspace.id, handshake.secret) : "";
}

function smallJson(body: Body): unknown {
  if (isStored(body) || body.size > HANDSHAKE_LIMIT_BYTES) return undefined;
  try {
    return JSON.parse(decodeText(body));
  } catch {
    return undefined;
  }
}
