/** The console: static files of the build, and index.html for every page. */
import type { Env } from "../../config.ts";
import { notFound, Refusal } from "../../core/refusal.ts";

const BASE = "/console";
/** The build's folder of hashed files. No workspace can have this name, so it clashes with no page. */
const FILES = "/_assets/";

/** No foreign sources, no inline code, no embedding in frames. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Only people open `/`, and they want the console. */
export const redirectToConsole = () => new Response(null, { status: 302, headers: { location: `${BASE}/` } });

export async function serveConsole(request: Request, { ASSETS }: Env): Promise<Response | Refusal> {
  const path = new URL(request.url).pathname.slice(BASE.length);
  const isFile = path.startsWith(FILES);
  const found = await ASSETS?.fetch(assetRequest(request, isFile ? path : "/index.html"));
  if (found?.ok || found?.status === 304) return answerOf(found, isFile);
  await found?.body?.cancel();
  if (isFile) return notFound();
  return new Refusal("unavailable", "This deployment has no console. Build it with `npm run build` and start again.");
}

/** Forwards only the path and the validator of a cached copy, never a token or a cookie. */
function assetRequest({ url, method, headers }: Request, path: string): Request {
  const known = headers.get("if-none-match");
  return new Request(new URL(path, url), { method, ...(known !== null && { headers: { "if-none-match": known } }) });
}

function answerOf({ body, status, headers }: Response, isFile: boolean): Response {
  const answer = new Response(body, { status, headers: HEADERS });
  for (const name of ["content-type", "etag"]) {
    const value = headers.get(name);
    if (value !== null) answer.headers.set(name, value);
  }
  // The hash in a file's name changes with its content; index.html names the files, so it is revalidated.
  answer.headers.set("cache-control", isFile ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
  return answer;
}
