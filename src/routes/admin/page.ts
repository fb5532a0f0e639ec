/** The query of lists: `?limit=&cursor=`, and what a list adds. */
import { z } from "zod";
import { Refusal } from "../../core/refusal.ts";
import { check } from "../../core/schema/check.ts";
import { answer } from "../problem.ts";

export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .meta({ description: "Most items of the answer.", param: { id: "limit" } }),
  cursor: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .meta({ description: "`nextCursor` of the page before; without it the first page.", param: { id: "cursor" } }),
});

/** The schema of such a page. */
export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() }).meta({ id: `${item.meta()?.id}Page` });

/** The answer of a list; null stands for a page after a cursor that is none. */
export function listAnswer<T>(
  page: { readonly items: readonly T[]; readonly nextCursor?: string } | null,
  show: (item: T) => unknown = (item) => item,
): Response | Refusal {
  if (!page) return new Refusal("invalid-request", "The cursor is none that this list has given.");
  return answer(200, { ...page, items: page.items.map((item) => show(item)) });
}

/**
 * A handler that answers one page of a list.
 *
 * @param load the page after a cursor, or null when the list has given no such cursor.
 */
export function pageHandler<C extends { readonly url: URL }, T>(
  load: (call: C, limit: number, cursor?: string) => Promise<Parameters<typeof listAnswer<T>>[0]>,
  show?: (item: T, call: C) => unknown,
): (call: C) => Promise<Response | Refusal> {
  return async (call) => {
    const page = readPage(call.url);
    if (page instanceof Refusal) return page;
    return listAnswer(await load(call, page.limit, page.cursor), show && ((item) => show(item, call)));
  };
}

export const readPage = (url: URL) => readQuery(url, pageQuery);

/** The checked query parameters of a URL; the last of a repeated name wins. */
export const readQuery = <T>(url: URL, schema: z.ZodType<T>): T | Refusal =>
  check(schema, Object.fromEntries(url.searchParams));
