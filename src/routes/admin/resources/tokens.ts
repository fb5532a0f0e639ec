import { Refusal } from "../../../core/refusal.ts";
import { showToken, tokenInput } from "../../../core/schema/access.ts";
import { issuedToken, tokenView } from "../../../core/schema/views.ts";
import { issueToken } from "../../../services/access/credentials.ts";
import { deleteRecord } from "../delete-record.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { gatewayRoute } from "../route.ts";

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
      return issued instanceof Refusal ? issued : showToken(issued);
    },
  }),
  gatewayRoute({
    method: "GET",
    path: "/tokens",
    permission: "admin",
    summary: "List personal access tokens",
    query: pageQuery,
    answers: { 200: pageOf(tokenView) },
    handle: async ({ context, query: { limit, cursor } }) =>
      showPage(await context.store.tokens.page("", limit, cursor), showToken),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/tokens/:id",
    permission: "admin",
    summary: "Revoke a personal access token",
    answers: { 204: null },
    handle: ({ context, params }) => deleteRecord(context.store.tokens, params.id),
  }),
];
