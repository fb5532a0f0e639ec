/** What the answer to an outgoing request means for its step: classified here once, for every step that sends (LD15). */

/** `terminal` ends the step; `retryable` is tried again while the step's delays last. */
export type Verdict =
  | { readonly kind: "success" }
  | { readonly kind: "terminal" | "retryable"; readonly failure: "error" | "bug" };

const RETRIED_STATUSES = new Set([408, 425, 429]);

/** Classifies a reply by its status. A redirect is neither followed nor retried. */
export function classifyStatus(status: number): Verdict {
  if (status >= 200 && status < 300) return { kind: "success" };
  if (RETRIED_STATUSES.has(status)) return { kind: "retryable", failure: "error" };
  if (status >= 400 && status < 500) return { kind: "terminal", failure: "error" };
  if (status >= 500) return { kind: "retryable", failure: "bug" };
  return { kind: "terminal", failure: "bug" };
}
