/** The beginning of an unsuccessful reply, for those who look into the failure. */
import { redactSecrets } from "../../../core/security/redact.ts";

/** Longest excerpt, in bytes. */
const EXCERPT_BYTES = 500;
/** Longest wait for the body to begin, in ms. */
const PATIENCE_MS = 200;

/** @param hidden secrets of the request, which a reply may repeat. */
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
  // Redacted before it is cut, so that no part of a secret is left at the end.
  return redactSecrets(text, hidden, true).slice(0, EXCERPT_BYTES);
}
