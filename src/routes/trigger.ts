/** `/{workspace}/{trigger}`: messages in, and the results of their executions. */
import { notFound, Refusal } from "../protocol/refusal.ts";
import { responseTimeoutMs } from "../protocol/schema/trigger.ts";
import { readStateId } from "../protocol/state-id.ts";
import {
  type Accepted,
  acceptMessage,
  checkCredentials,
  type Endpoint,
  findEndpoint,
  type Gateway,
  pollOutcome,
} from "../services/intake.ts";
import { bodyResponse } from "./body-response.ts";
import { answer } from "./problem.ts";

interface Params {
  readonly workspace?: string;
  readonly trigger?: string;
  readonly id?: string;
}

export async function receive(gateway: Gateway, request: Request, params: Params): Promise<Response | Refusal> {
  const endpoint = await findEndpoint(gateway, params.workspace ?? "", params.trigger ?? "");
  if (!endpoint) return notFound();
  const { trigger } = endpoint;
  const isMethod = trigger.methods.some((method) => method === request.method);
  if (!isMethod) return wrongMethod(request.method, trigger.methods);
  const refused = await checkCredentials(gateway, endpoint, request);
  if (refused) return refused;
  const accepted = await acceptMessage(gateway, endpoint, request);
  if (accepted instanceof Refusal) return accepted;
  const isAwaited = responseTimeoutMs(trigger) > 0;
  return isAwaited
    ? result(gateway, endpoint, request, accepted, "timed-out")
    : pending(gateway, endpoint, request, accepted);
}

/** The result of an execution, to whoever could have started it (ND15). A forged id is refused before any look-up. */
export async function poll(gateway: Gateway, request: Request, params: Params): Promise<Response | Refusal> {
  const id = params.id ?? "";
  const address = readStateId(gateway.config.signingKeys, "execution", id);
  if (!address) return notFound();
  const endpoint = await findEndpoint(gateway, params.workspace ?? "", params.trigger ?? "");
  if (!endpoint) return notFound();
  if (request.method !== "GET") return wrongMethod(request.method, ["GET"]);
  const refused = await checkCredentials(gateway, endpoint, request);
  if (refused) return refused;
  const outcome = await pollOutcome(gateway, endpoint, address);
  if (!outcome) return notFound();
  const polled = { executionId: id.toLowerCase(), seq: address.sequence, outcome };
  return result(gateway, endpoint, request, polled, "pending");
}

export const wrongMethod = (method: string, allowed: readonly string[]) =>
  new Refusal("method-not-allowed", `${method} is not allowed here.`, { headers: { allow: allowed.join(", ") } });

/** The flow's result, as a request-response call gets it and as polling gets it later (ND6). */
async function result(
  gateway: Gateway,
  endpoint: Endpoint,
  request: Request,
  accepted: Accepted,
  unfinished: "timed-out" | "pending",
): Promise<Response | Refusal> {
  const { executionId, outcome } = accepted;
  const headers = { "hookback-execution-id": executionId };
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
    default: {
      if (unfinished === "pending") return pending(gateway, endpoint, request, accepted);
      const detail = "The execution did not end within the time limit. It goes on; its result will be at Location.";
      return new Refusal("timed-out", detail, {
        headers: { ...headers, location: locationOf(gateway, endpoint, request, executionId) },
        members: { executionId },
      });
    }
  }
}

/** 202: the message is durable, the result will be at `Location` (ND5). */
function pending(gateway: Gateway, endpoint: Endpoint, request: Request, accepted: Accepted): Response {
  const { executionId, seq, outcome } = accepted;
  return answer(
    202,
    { executionId, status: outcome.status, seq },
    {
      "hookback-execution-id": executionId,
      location: locationOf(gateway, endpoint, request, executionId),
    },
  );
}

function locationOf({ config }: Gateway, { workspace, trigger }: Endpoint, request: Request, id: string): string {
  const origin = config.publicUrl ?? new URL(request.url).origin;
  return `${origin}/${workspace.name}/${trigger.name}/executions/${id}`;
}
