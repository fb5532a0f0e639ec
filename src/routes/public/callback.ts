/** `/cb/{state}` and `/cbq/{parameter}`: callbacks, called by anybody who has the URL. */
import { notFound, Refusal } from "../../core/refusal.ts";
import { useByParameter, useByPath } from "../../services/callbacks.ts";
import type { RequestContext } from "../../services/request-context.ts";
import type { UseAnswer } from "../../shard/callbacks/calls.ts";
import { confirmPage } from "./confirm-page.ts";
import { wrongMethod } from "./trigger.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** What a callback that asks for confirmation takes. */
const CONFIRM_METHODS = ["GET", "POST"];

/** A page of a callback's owner runs apart from the gateway's own origin, so it cannot act as an operator's console. */
const SANDBOX =
  "sandbox allow-scripts allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox allow-top-navigation";

export async function callByPath(context: RequestContext, request: Request, state = ""): Promise<Response | Refusal> {
  if (!METHODS.includes(request.method)) return wrongMethod(request.method, METHODS);
  return respond(await useByPath(context, request, state), request);
}

export async function callByParameter(
  context: RequestContext,
  request: Request,
  name = "",
): Promise<Response | Refusal> {
  if (!METHODS.includes(request.method)) return wrongMethod(request.method, METHODS);
  return respond(await useByParameter(context, request, name), request);
}

function respond(used: UseAnswer | Refusal, request: Request): Response | Refusal {
  if (used instanceof Refusal) return used;
  switch (used.kind) {
    case "answer": {
      const { status, headers, body } = used.answer;
      const response = new Response(body, { status, headers: { ...headers } });
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
      response.headers.append("content-security-policy", SANDBOX);
      if (used.isReplay) response.headers.set("idempotency-replayed", "true");
      return response;
    }
    case "error": {
      const headers = used.isReplay ? { headers: { "idempotency-replayed": "true" } } : {};
      return new Refusal(used.status === 400 ? "call-rejected" : "call-failed", used.detail, headers);
    }
    case "confirm":
      return confirmPage();
    case "method":
      return wrongMethod(request.method, CONFIRM_METHODS);
    case "unknown":
      return notFound();
    case "gone":
      return new Refusal("gone", "This callback has been used, closed, or has expired.");
    case "busy":
      return new Refusal("busy", "Another call of this callback is in progress.", { headers: { "retry-after": "1" } });
    case "unavailable":
      return new Refusal("unavailable", "The call cannot be handled just now; the callback is unused. Try again.", {
        headers: { "retry-after": "5" },
      });
    case "too-large":
      return new Refusal("too-large", "The body is larger than the callback's handler takes: 1 MiB.");
  }
}
