/** Names in URLs and keys. */
import { z } from "zod";

/** First path segments that belong to the gateway itself (contract). */
export const RESERVED_SEGMENTS: readonly string[] = ["cb", "cbq", "adapter", "api", "console", "healthz"];

export const WORKSPACE_NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;
/** Triggers, flows, steps and stored configurations. */
export const OBJECT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Secrets: such that `{{ secrets.name }}` reads them. */
export const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** A header's name: a token of RFC 9110. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export const objectName = z.string().regex(OBJECT_NAME, "up to 64 letters, digits, dots, hyphens and underscores");

/** A content type such as `application/json; charset=utf-8`. */
export const mediaType = z
  .string()
  .max(200)
  .regex(/^[\w.!#$&^+-]+\/[\w.!#$&^+-]+(?:\s*;[\x20-\x7e]*)?$/, "a media type such as application/json");

export const label = z.string().trim().min(1, "a label is required").max(100);

/** Whether a workspace may bear this name. */
export const isWorkspaceName = (name: string) => WORKSPACE_NAME.test(name) && !RESERVED_SEGMENTS.includes(name);
