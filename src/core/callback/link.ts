/** The headers of the Link dialect of asynchronous HTTP steps (L6 to L17). */
import { matchDocumentStatus } from "../execution/document-status.ts";
import { printable } from "../execution/log.ts";
import { Refusal } from "../refusal.ts";

/** Header of the outgoing request with the correlation id (L8). */
export const CORRELATION_HEADER = "x-link-correlation-id";
/** Header of the outgoing request with the address of the callback (L9). */
export const CALLBACK_URL_HEADER = "x-link-callback-url";

/** Longest document status and error code, in characters. */
const CODE_LIMIT = 255;

/** `progress` is an extension of ours: the result is still to come. */
const STATUSES = ["ok", "failed", "progress"] as const;

/** The content of a callback's headers. */
export interface LinkSignal {
  readonly status: (typeof STATUSES)[number];
  readonly documentStatus?: string;
  readonly errorCode?: string;
  readonly errorText?: string;
}

/** Reads the headers of a callback without verifying the id. Empty headers count as absent (LD7). */
export function readLinkCallback(headers: Headers): { correlationId: string; signal: LinkSignal } | Refusal {
  const correlationId = present(headers, CORRELATION_HEADER);
  if (!correlationId) return new Refusal("invalid-request", "The header X-Link-Correlation-Id is required.");
  const sentStatus = present(headers, "x-link-status")?.toLowerCase();
  if (!sentStatus) return new Refusal("invalid-request", "The header X-Link-Status is required: Ok or Failed.");
  const status = STATUSES.find((one) => one === sentStatus);
  if (!status) return wrongStatus();
  const errorText = present(headers, "x-link-error-text");
  const optional = {
    documentStatus: present(headers, "x-link-document-status"),
    errorCode: present(headers, "x-link-error-code"),
    errorText: errorText && printable(errorText),
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

/**
 * Returns the statuses that a Failed callback sets (L14 to L17, LD6).
 *
 * @param own additional document statuses of the workspace.
 */
export function failedDocument(signal: LinkSignal, own: readonly string[]) {
  const known = signal.documentStatus === undefined ? "Failed" : matchDocumentStatus(signal.documentStatus, own);
  const documentStatus = known ?? "Failed";
  return {
    documentStatus,
    ...(known === null && signal.documentStatus !== undefined && { technicalStatus: signal.documentStatus }),
    ...(documentStatus === "Failed" && signal.errorCode !== undefined && { errorCode: signal.errorCode }),
  };
}

const present = (headers: Headers, name: string) => headers.get(name)?.trim() || undefined;
