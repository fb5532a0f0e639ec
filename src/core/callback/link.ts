/** The Link dialect of asynchronous HTTP steps: names and reading of its headers (L6 to L17). */
import { matchDocumentStatus } from "../execution/document-status.ts";
import { printable } from "../execution/log.ts";
import { Refusal } from "../refusal.ts";

/** The outgoing request's header that names the wait (L8). */
export const CORRELATION_HEADER = "x-link-correlation-id";
/** The outgoing request's header that says where the callback goes (L9). */
export const CALLBACK_URL_HEADER = "x-link-callback-url";

/** Longest document status and error code, in characters. */
const CODE_LIMIT = 255;

/** What a callback says of its step. */
export interface LinkSignal {
  /** `progress` is ours: the result is still to come. */
  readonly status: "ok" | "failed" | "progress";
  readonly documentStatus?: string;
  readonly errorCode?: string;
  readonly errorText?: string;
}

/** Reads the headers of a callback; the id is not yet verified. Empty headers count as absent (LD7). */
export function readLinkCallback(headers: Headers): { correlationId: string; signal: LinkSignal } | Refusal {
  const correlationId = present(headers, CORRELATION_HEADER);
  if (!correlationId) return new Refusal("invalid-request", "The header X-Link-Correlation-Id is required.");
  const status = present(headers, "x-link-status")?.toLowerCase();
  if (!status) return new Refusal("invalid-request", "The header X-Link-Status is required: Ok or Failed.");
  if (status !== "ok" && status !== "failed" && status !== "progress") return wrongStatus();
  const optional = {
    documentStatus: present(headers, "x-link-document-status"),
    errorCode: present(headers, "x-link-error-code"),
    errorText: bounded(present(headers, "x-link-error-text")),
  };
  for (const [name, value = ""] of [
    ["X-Link-Document-Status", optional.documentStatus],
    ["X-Link-Error-Code", optional.errorCode],
  ] as const) {
    if (value.length > CODE_LIMIT) {
      return new Refusal("invalid-request", `The header ${name} has more than ${CODE_LIMIT} characters.`);
    }
  }
  const sent = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { correlationId, signal: { status, ...Object.fromEntries(sent) } };
}

export const wrongStatus = () =>
  new Refusal("invalid-request", "The header X-Link-Status must be sent once, with the value Ok or Failed.");

/** What a Failed callback makes of the document (L14 to L17, LD6). */
export interface FailedDocument {
  readonly documentStatus: string;
  readonly technicalStatus?: string;
  readonly errorCode?: string;
}

/**
 * The statuses that a Failed callback sets.
 *
 * @param own document statuses that the workspace adds.
 */
export function failedDocument(signal: LinkSignal, own: readonly string[]): FailedDocument {
  const known = signal.documentStatus === undefined ? "Failed" : matchDocumentStatus(signal.documentStatus, own);
  const documentStatus = known ?? "Failed";
  return {
    documentStatus,
    ...(known === null && signal.documentStatus !== undefined && { technicalStatus: signal.documentStatus }),
    ...(documentStatus === "Failed" && signal.errorCode !== undefined && { errorCode: signal.errorCode }),
  };
}

const bounded = (text: string | undefined) => (text === undefined ? undefined : printable(text));

function present(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.trim() || undefined;
}
