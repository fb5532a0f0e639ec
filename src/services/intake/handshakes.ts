/** Handshakes of a trigger's provider: answered here and now, without an execution (ND14). */
import { type Body, decodeText, isStored } from "../../core/message/body.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TriggerHandshake } from "../../core/schema/trigger-auth.ts";
import {
  type Asked,
  answerQuestion,
  HANDSHAKE_LIMIT_BYTES,
  type HandshakeAnswer,
  handshakeIn,
  handshakeQuestion,
} from "../../core/security/handshake.ts";
import type { RequestContext } from "../request-context.ts";
import type { Endpoint } from "./intake.ts";
import { warn } from "./trigger-auth.ts";

/** Whether a request may be a handshake of the trigger, in its head or in its body. */
export const handshakePlace = ({ trigger }: Endpoint, { method }: Request) =>
  trigger.handshake ? handshakeIn(trigger.handshake, method) : null;

/**
 * The answer to a handshake; null when the request is an ordinary one.
 *
 * @param body the request's body, for a handshake that stands there; its credentials have been checked.
 */
export async function answerHandshake(
  context: RequestContext,
  endpoint: Endpoint,
  request: Request,
  body: Body | null,
): Promise<HandshakeAnswer | Refusal | null> {
  const { handshake } = endpoint.trigger;
  if (!handshake) return null;
  const asked: Asked = {
    query: context.url.searchParams,
    header: (name) => request.headers.get(name),
    body: body && smallJson(body),
  };
  const question = handshakeQuestion(handshake, asked);
  if (question === null) return null;
  if (question === "malformed") return new Refusal("invalid-request", "The handshake has no token that is answered.");
  const secret = await secretOf(context, endpoint, handshake);
  const answer = secret === null ? null : answerQuestion(handshake, question, secret);
  if (answer) return answer;
  warn(endpoint, handshake.scheme, secret === null ? "secret-missing" : "handshake-mismatch", null);
  return new Refusal("forbidden", "The handshake is not that of this address.");
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
