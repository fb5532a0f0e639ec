/**
 * The partner's validation service. It only knows the Link headers: it accepts a document with 202
 * and calls back later with the result.
 */
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { json, type Reply, type Verdict, validateInvoice } from "./partner-documents.ts";

/** Duration of a validation. */
const VALIDATION_MS = 600;
/** Delays before repetitions of a failed callback. */
const CALLBACK_RETRIES_MS = [500, 1_000, 2_000, 4_000];

export function validateLater(token: string, headers: IncomingHttpHeaders, invoice: string): Reply {
  const callbackUrl = headers["x-link-callback-url"];
  const correlationId = headers["x-link-correlation-id"];
  if (typeof callbackUrl !== "string" || typeof correlationId !== "string") {
    return json(400, { message: "X-Link-Callback-Url and X-Link-Correlation-Id are required." });
  }
  void validate(token, callbackUrl, correlationId, invoice);
  return { status: 202 };
}

async function validate(token: string, callbackUrl: string, correlationId: string, invoice: string): Promise<void> {
  await sleep(VALIDATION_MS);
  const verdict = validateInvoice(invoice);
  const callback = {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}`,
      "content-type": "application/json",
      "x-link-correlation-id": correlationId,
      ...statusHeaders(verdict),
    },
    body: JSON.stringify(verdict.report),
  };
  for (const delayMs of [0, ...CALLBACK_RETRIES_MS]) {
    await sleep(delayMs);
    const response = await fetch(callbackUrl, callback).catch(() => null);
    await response?.body?.cancel();
    if (response && response.status < 500) return;
  }
}

function statusHeaders({ errorCode, errorText }: Verdict): Record<string, string> {
  if (errorCode === undefined) return { "x-link-status": "Ok" };
  return {
    "x-link-status": "Failed",
    "x-link-document-status": "Rejected by validation",
    "x-link-error-code": errorCode,
    "x-link-error-text": errorText ?? "",
  };
}
