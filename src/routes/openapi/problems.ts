/** The refusals of admin routes, for the API description. */
import type { ZodOpenApiResponsesObject } from "zod-openapi";
import { problemView } from "../../core/schema/views.ts";
import type { AdminRoute } from "../admin/route.ts";

const content = { "application/problem+json": { schema: problemView } };
const refusal = (description: string) => ({ description, content });

/** The answers that several operations share. */
export const REFUSALS = {
  Malformed: refusal("The body is not JSON (`invalid-json`), or the request makes no sense (`invalid-request`)."),
  Unauthenticated: refusal("There is no token, or it is unknown or has expired (`unauthenticated`)."),
  Forbidden: refusal("The token lacks the permission, or belongs to another workspace (`forbidden`)."),
  NotFound: refusal("There is nothing at this address, or nothing of this name or id (`not-found`)."),
  Conflict: refusal("It conflicts with the present state: `conflict`, `already-exists`, `in-use`, `busy` or the like."),
  TooLarge: refusal("The body is larger than 1 MiB (`too-large`)."),
  Invalid: refusal("Fields are wrong; `errors` names each of them (`invalid-input`)."),
  TooMany: refusal("Too many wrong credentials came from this address (`too-many-requests`)."),
  Refused: refusal("Any other refusal; `code` and `detail` say which."),
  Failed: refusal("The gateway cannot answer now (`unavailable`, `overloaded`) or has failed (`internal-error`)."),
};

/** The refusals of a route by status: those of every route, and those of its parameters and body. */
export function problemsOf({ method, path, permission, body, query }: AdminRoute): ZodOpenApiResponsesObject {
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
