/** The beginning of a reply that was no success, for whoever looks into the failure. */

import { redactSecrets } from "../../../core/security/redact.ts";

/** Longest excerpt, in bytes. */
const EXCERPT_BYTES = 500;
/** How long a body may take to begin, in ms: the status is known, and nothing waits for more. */
const PATIENCE_MS = 200;

/** @param hidden texts that must not be shown: secrets that the request held, should the reply repeat them. */
export async function excerptOf(response: Response, hidden: readonly string[]): Promise<string> {
  if (!response.body) return "";
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<null>((end) => {
    timer = setTimeout(() => end(null), PATIENCE_MS);
  });
  const first = await Promise.race([reader.read(), patience]).catch(() => null);
  clearTimeout(timer);
  await reader.cancel().catch(() => undefined);
  const text = new TextDecoder().decode(first?.value);
  // Hidden before it is cut, so that no part of a secret is left at the end.
  return redactSecrets(text, hidden, true).slice(0, EXCERPT_BYTES);
}
