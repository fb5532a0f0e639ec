/** A callback: what it is, when it may be called, and how it is shown. */

import type { CallbackSettings } from "../schema/callback.ts";
import type { CallRecord } from "./call-record.ts";
import type { PlainAnswer } from "./response.ts";

/** The answer of the call that closed a callback, kept for who repeats that call. */
export interface KeptAnswer {
  /** Epoch ms. */
  readonly at: number;
  /** What makes a call identical: a hash of method, query and body. */
  readonly fingerprint: string;
  readonly answer: GivenAnswer;
}

/** What a caller was answered once the call was handled: as configured, or why not (GD5). */
export type GivenAnswer =
  | { readonly kind: "answer"; readonly answer: PlainAnswer }
  | { readonly kind: "error"; readonly status: 400 | 502; readonly detail: string };

export interface Callback {
  readonly sequence: number;
  readonly workspaceId: string;
  readonly workspaceName: string;
  /** Scheme and host under which it was created. */
  readonly origin: string;
  readonly settings: CallbackSettings;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; null when it does not expire. */
  readonly expiresAt: number | null;
  /** Epoch ms at which it was used up or closed; null while it may be called. */
  readonly closedAt: number | null;
  /** Newest first. */
  readonly calls: readonly CallRecord[];
  readonly kept: KeptAnswer | null;
}

/** How long an identical call gets the answer again, in ms. */
const REPLAY_MS = 24 * 60 * 60 * 1000;

/** Largest answer that is kept, in bytes as JSON: a row has room for 2 MB. */
const KEPT_LIMIT_BYTES = 512 * 1024;

export const isKeepable = (answer: GivenAnswer) => Buffer.byteLength(JSON.stringify(answer)) <= KEPT_LIMIT_BYTES;

/** How a call relates to its callback. */
export interface Approach {
  readonly method: string;
  /** The state parameter in the path of `/cbq/...`; null for `/cb/...`. */
  readonly parameter: string | null;
  readonly fingerprint: string;
}

/** What is to be done with a call. */
export type Judgement = "use" | "unknown" | "gone" | "busy" | "confirm" | "method" | "replay";

/** @param claim state of a call that is in progress; null when there is none. */
export function judgeCall(
  { settings, closedAt, expiresAt, kept }: Callback,
  { method, parameter, fingerprint }: Approach,
  claim: { readonly isClosed: boolean } | null,
  now: number,
): Judgement {
  if ((parameter ?? "") !== settings.stateQueryParameter) return "unknown";
  if (claim && !claim.isClosed) return "busy";
  const isReplay = kept !== null && kept.fingerprint === fingerprint && now - kept.at < REPLAY_MS;
  if (closedAt !== null) return isReplay ? "replay" : "gone";
  if (expiresAt !== null && expiresAt <= now) return "gone";
  if (!settings.confirm || method === "post") return "use";
  return method === "get" ? "confirm" : "method";
}

/** G7, G8, GD9, GD13. Looking a state up never depends on the host that is named here. */
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

/** @param claim state of a call that is in progress; null when there is none. */
export function statusOf(
  { closedAt, expiresAt }: Pick<Callback, "closedAt" | "expiresAt">,
  claim: { readonly isClosed: boolean } | null,
  now: number,
) {
  if (claim && !claim.isClosed) return "busy";
  if (closedAt !== null) return "closed";
  return expiresAt !== null && expiresAt <= now ? "expired" : "open";
}

/** What is shown of a callback beside its state. */
type Shown = Pick<Callback, "settings" | "origin" | "createdAt" | "expiresAt" | "closedAt">;

/** A callback as the API shows it; `calls` only where one is looked at. */
export function showCallback(callback: Shown, state: string, claim: { isClosed: boolean } | null, now: number) {
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
