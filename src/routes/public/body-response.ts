/** Answers a message with its own content type and bytes. */
import type { Env } from "../../config.ts";
import type { Body } from "../../core/message/body.ts";
import { Refusal } from "../../core/refusal.ts";
import { sendBody } from "../../storage/bodies/bodies.ts";

/** The content is untrusted: a browser must neither guess its type nor run it in the gateway's origin. */
const UNTRUSTED = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox",
  "cache-control": "no-store",
};

export async function bodyResponse(
  env: Env,
  body: Body,
  headers: Record<string, string> = {},
): Promise<Response | Refusal> {
  const content = await sendBody(env.BODIES, body);
  if (content === null) return new Refusal("unavailable", "The stored body no longer exists.");
  const type = body.type === null ? {} : { "content-type": body.type };
  return new Response(content as BodyInit, { headers: { ...UNTRUSTED, ...type, ...headers } });
}
