import { notFound, Refusal } from "../../protocol/refusal.ts";
import { showToken, tokenInput } from "../../protocol/schema/access.ts";
import { issueToken } from "../../services/credentials.ts";
import { answer, noContent } from "../problem.ts";
import { pageHandler } from "./page.ts";
import { type Call, gatewayRoute } from "./route.ts";

export const tokenRoutes = [
  gatewayRoute({
    method: "POST",
    path: "/tokens",
    permission: "admin",
    body: tokenInput,
    handle: async ({ gateway, body }) => {
      const issued = await issueToken(gateway.store, body);
      return issued instanceof Refusal ? issued : answer(201, showToken(issued));
    },
  }),
  gatewayRoute({
    method: "GET",
    path: "/tokens",
    permission: "admin",
    handle: pageHandler((call: Call, limit, cursor) => call.gateway.store.tokens.page("", limit, cursor), showToken),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/tokens/:id",
    permission: "admin",
    handle: async ({ gateway, params }) => {
      const id = params.id;
      if (!(await gateway.store.tokens.get(id))) return notFound();
      await gateway.store.tokens.delete(id);
      return noContent();
    },
  }),
];
