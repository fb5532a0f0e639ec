import { resealView } from "../../../core/schema/views.ts";
import { resealPage } from "../../../services/configuration/reseal.ts";
import { pageQuery } from "../page.ts";
import { gatewayRoute } from "../route.ts";

/** Ends a rotation of `ENCRYPTION_KEY`: afterwards nothing stored needs the previous key. */
export const resealRoute = gatewayRoute({
  method: "POST",
  path: "/reseal",
  permission: "admin",
  summary: "Seal stored secrets of all workspaces with the current encryption key, a page at a time",
  query: pageQuery,
  answers: { 200: resealView },
  handle: ({ context, query: { limit, cursor } }) => resealPage(context.store, limit, cursor),
});
