/** Names in URLs, keys and fields. */
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
/** A content type such as `application/json; charset=utf-8`. */
const MEDIA_TYPE = /^[\w.!#$&^+-]+\/[\w.!#$&^+-]+(?:\s*;[\x20-\x7e]*)?$/;

export const objectName = z.string().regex(OBJECT_NAME, "up to 64 letters, digits, dots, hyphens and underscores");

export const secretName = z
  .string()
  .regex(SECRET_NAME, "must be the name of a secret: a letter, then up to 63 letters, digits, hyphens, underscores");

/** A content type as it is stored: earlier versions accepted any text. {@link checkMediaType} is for input. */
export const contentType = z
  .string()
  .regex(/^[\x20-\x7e]{1,200}$/, "visible ASCII characters")
  .describe("Content type of the result. Default: JSON if the result parses as JSON, else text.");

/** Returns what is wrong with a content type that a request sets, or null. */
export const checkMediaType = (type: string) =>
  MEDIA_TYPE.test(type) ? null : "must be a media type such as application/json";

export const label = z.string().trim().min(1, "a label is required").max(100);

/** True when a workspace may have this name. */
export const isWorkspaceName = (name: string) => WORKSPACE_NAME.test(name) && !RESERVED_SEGMENTS.includes(name);

/**
 * Component names in the API description of a schema with defaults. They are optional in requests, and always there in
 * answers, so the two are different types.
 */
export const bothWays = (name: string) => ({ id: `${name}Input`, outputId: name });
