import { Refusal } from "../../../core/refusal.ts";
import { resealView } from "../../../core/schema/views.ts";
import { resealPage } from "../../../services/configuration/reseal.ts";
import { answer } from "../../problem.ts";
import { pageQuery, readPage } from "../page.ts";
import { gatewayRoute } from "../route.ts";

/** What ends a rotation of `ENCRYPTION_KEY`: afterwards nothing stored needs the previous key. */
export const resealRoute = gatewayRoute({
  method: "POST",
  path: "/reseal",
  permission: "admin",
  summary: "Seal stored secrets of all workspaces with the current encryption key, a page at a time",
  query: pageQuery,
  answers: { 200: resealView },
  handle: async ({ context, url }) => {
    const page = readPage(url);
    if (page instanceof Refusal) return page;
    const resealed = await resealPage(context.store, page.limit, page.cursor);
    return resealed instanceof Refusal ? resealed : answer(200, resealed);
  },
});
