/** Which refusals an admin route can answer, for the API description. */
import type { AdminRoute } from "../admin/route.ts";

const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const refusal = (description: string) => ({ description, content });

/** The answers that several operations share. */
export const REFUSALS = {
  Malformed: refusal("The body is not JSON (`invalid-json`), or the request makes no sense (`invalid-request`)."),
  Unauthenticated: refusal("There is no token, or none that is known and has not expired (`unauthenticated`)."),
  Forbidden: refusal("The token lacks the permission, or belongs to another workspace (`forbidden`)."),
  NotFound: refusal("There is nothing at this address, or nothing of this name or id (`not-found`)."),
  Conflict: refusal("It does not fit what is there: `conflict`, `already-exists`, `in-use`, `busy` or the like."),
  TooLarge: refusal("The body is larger than 1 MiB (`too-large`)."),
  Invalid: refusal("Fields are wrong; `errors` names each of them (`invalid-input`)."),
  TooMany: refusal("Too many wrong credentials came from this address (`too-many-requests`)."),
  Refused: refusal("Any other refusal; `code` and `detail` say which."),
  Failed: refusal(
    "The gateway is not able to answer now (`unavailable`, `overloaded`) or has failed (`internal-error`).",
  ),
};

/** By status, what the way into every route and what is special of this one can refuse. */
export function problemsOf({ method, path, permission, body, query }: AdminRoute): Record<string, object> {
  const isNamed = path.includes("/:");
  const isChange = method !== "GET";
  return {
    ...((body || query) && { "400": to("Malformed") }),
    "401": to("Unauthenticated"),
    ...(permission !== null && { "403": to("Forbidden") }),
    ...(isNamed && { "404": to("NotFound") }),
    ...(isChange && isNamed && { "409": to("Conflict") }),
    ...(body && { "413": to("TooLarge") }),
    ...((body || query) && { "422": to("Invalid") }),
    "429": to("TooMany"),
    "4XX": to("Refused"),
    "5XX": to("Failed"),
  };
}

const to = (name: keyof typeof REFUSALS) => ({ $ref: `#/components/responses/${name}` });
