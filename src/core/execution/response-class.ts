/** Classifies the response to an outgoing request, for every step type that sends one (LD15). */
import type { Failure } from "./execution.ts";

/** `terminal` fails the step; `retryable` is retried until the step's delays are exhausted. */
type ResponseClass =
  | { readonly kind: "success" }
  | { readonly kind: "terminal" | "retryable"; readonly failure: Failure };

const RETRIED_STATUSES = new Set([408, 425, 429]);

/** A redirect is neither followed nor retried. */
export function classifyStatus(status: number): ResponseClass {
  if (status >= 200 && status < 300) return { kind: "success" };
  if (RETRIED_STATUSES.has(status)) return { kind: "retryable", failure: "error" };
  if (status >= 400 && status < 500) return { kind: "terminal", failure: "error" };
  if (status >= 500) return { kind: "retryable", failure: "bug" };
  return { kind: "terminal", failure: "bug" };
}
