/** Callbacks: their state, whether a call is accepted, and their view in the API. */

import type { CallbackSettings } from "../schema/callback.ts";
import type { CallRecord } from "./call-record.ts";
import type { PlainResponse } from "./response.ts";

/** The response of the call that closed a callback, stored for repeats of that call. */
interface StoredAnswer {
  /** Epoch ms. */
  readonly at: number;
  /** Hash of method, query and body; equal for identical calls. */
  readonly fingerprint: string;
  readonly answer: CallAnswer;
}

/** The response to a handled call: as configured, or an error (GD5). */
export type CallAnswer =
  | { readonly kind: "answer"; readonly answer: PlainResponse }
  | { readonly kind: "error"; readonly status: 400 | 502; readonly detail: string };

export interface Callback {
  readonly sequence: number;
  readonly workspaceId: string;
  readonly workspaceName: string;
  /** Scheme and host of the request that created it. */
  readonly origin: string;
  readonly settings: CallbackSettings;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; null if it does not expire. */
  readonly expiresAt: number | null;
  /** Epoch ms at which it was used or closed; null while it may be called. */
  readonly closedAt: number | null;
  /** Newest first. */
  readonly calls: readonly CallRecord[];
  readonly kept: StoredAnswer | null;
}

/** How long an identical call gets the same response. */
const REPLAY_MS = 24 * 60 * 60 * 1000;

/** Largest stored response, in bytes as JSON: a row holds up to 2 MB. */
const STORED_LIMIT_BYTES = 512 * 1024;

export const isStorable = (answer: CallAnswer) => Buffer.byteLength(JSON.stringify(answer)) <= STORED_LIMIT_BYTES;

/** The parts of a call that decide whether it is accepted. */
interface CallRequest {
  readonly method: string;
  /** The state parameter in the path of `/cbq/...`; null for `/cb/...`. */
  readonly parameter: string | null;
  readonly fingerprint: string;
}

type Decision = "use" | "unknown" | "gone" | "busy" | "confirm" | "method" | "replay";

/** The state of a call in progress; null when there is none. */
type Claim = { readonly isClosed: boolean } | null;

export function decideCall(
  { settings, closedAt, expiresAt, kept }: Callback,
  { method, parameter, fingerprint }: CallRequest,
  claim: Claim,
  now: number,
): Decision {
  if ((parameter ?? "") !== settings.stateQueryParameter) return "unknown";
  if (claim && !claim.isClosed) return "busy";
  const isReplay = kept !== null && kept.fingerprint === fingerprint && now - kept.at < REPLAY_MS;
  if (closedAt !== null) return isReplay ? "replay" : "gone";
  if (expiresAt !== null && expiresAt <= now) return "gone";
  if (!settings.confirm || method === "post") return "use";
  return method === "get" ? "confirm" : "method";
}

/** G7, G8, GD9, GD13. The callback is found by its state alone, whatever the host. */
export function callbackUrl(
  origin: string,
  { alternativeDomain, stateQueryParameter }: CallbackSettings,
  state: string,
): string {
  const base = alternativeDomain || origin;
  return stateQueryParameter
    ? `${base}/cbq/${stateQueryParameter}?${stateQueryParameter}=${state}`
    : `${base}/cb/${state}`;
}

export function statusOf({ closedAt, expiresAt }: Pick<Callback, "closedAt" | "expiresAt">, claim: Claim, now: number) {
  if (claim && !claim.isClosed) return "busy";
  if (closedAt !== null) return "closed";
  return expiresAt !== null && expiresAt <= now ? "expired" : "open";
}

type Shown = Pick<Callback, "settings" | "origin" | "createdAt" | "expiresAt" | "closedAt">;

/** A callback as the API shows it. */
export function showCallback(callback: Shown, state: string, claim: Claim, now: number) {
  const { settings, origin, createdAt, expiresAt, closedAt } = callback;
  return {
    callbackUrl: callbackUrl(origin, settings, state),
    callbackState: state,
    callbackCaseId: state,
    status: statusOf(callback, claim, now),
    ...settings,
    createdAt: new Date(createdAt).toISOString(),
    ...(expiresAt !== null && { expiresAt: new Date(expiresAt).toISOString() }),
    ...(closedAt !== null && { closedAt: new Date(closedAt).toISOString() }),
  };
}

export type CallbackView = ReturnType<typeof showCallback>;
