/** The query of lists: `?limit=&cursor=`, and what a list adds. */
import { z } from "zod";
import type { Refusal } from "../../protocol/refusal.ts";
import { check } from "../../protocol/schema/check.ts";

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(20_000).optional(),
});

export const readPage = (url: URL) => readQuery(url, pageQuery);

/** The checked query parameters of a URL; the last of a repeated name wins. */
export const readQuery = <T>(url: URL, schema: z.ZodType<T>): T | Refusal =>
  check(schema, Object.fromEntries(url.searchParams));
