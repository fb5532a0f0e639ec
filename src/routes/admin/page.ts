/** Pages of lists: `?limit=&cursor=`, and their answers. */
import { z } from "zod";
import { invalidCursor } from "../../core/list-cursor.ts";
import type { Refusal } from "../../core/refusal.ts";

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

/** The schema of a page. */
export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() }).meta({ id: `${item.meta()?.id}Page` });

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** A page as the API shows it; `page` is null after a cursor that the list has not given. */
export function showPage<T>(page: Page<T> | null, show: (item: T) => unknown = (item) => item): object | Refusal {
  return page ? { ...page, items: page.items.map((item) => show(item)) } : invalidCursor();
}
