import { notFound, Refusal } from "../../../core/refusal.ts";
import { showToken, tokenInput } from "../../../core/schema/access.ts";
import { issuedToken, tokenView } from "../../../core/schema/views.ts";
import { issueToken } from "../../../services/access/credentials.ts";
import { answer, noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { type Call, gatewayRoute } from "../route.ts";

export const tokenRoutes = [
  gatewayRoute({
    method: "POST",
    path: "/tokens",
    permission: "admin",
    summary: "Issue a personal access token; it is shown once",
    answers: { 201: issuedToken },
    body: tokenInput,
    handle: async ({ context, body }) => {
      const issued = await issueToken(context.store, body);
      return issued instanceof Refusal ? issued : answer(201, showToken(issued));
    },
  }),
  gatewayRoute({
    method: "GET",
    path: "/tokens",
    permission: "admin",
    summary: "List personal access tokens",
    query: pageQuery,
    answers: { 200: pageOf(tokenView) },
    handle: pageHandler((call: Call, limit, cursor) => call.context.store.tokens.page("", limit, cursor), showToken),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/tokens/:id",
    permission: "admin",
    summary: "Revoke a personal access token",
    answers: { 204: null },
    handle: async ({ context, params }) => {
      const id = params.id;
      if (!(await context.store.tokens.get(id))) return notFound();
      await context.store.tokens.delete(id);
      return noContent();
    },
  }),
];
