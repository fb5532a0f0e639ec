/** A check and its verdict. */
import type { Trial } from "../trial.ts";

export type Status = "pass" | "warn" | "fail" | "skipped";

export interface Verdict {
  readonly status: Status;
  /** The observation for a pass; the reason for a skipped check. */
  readonly note?: string;
  readonly expected?: string;
  readonly came?: string;
  readonly mend?: string;
}

/**
 * Preconditions of a check: the plain request was accepted, there is a result of
 * it, the adapter answers later, the callback came, the token was returned unchanged.
 */
export type Need = "accepted" | "result" | "acknowledgement" | "callback" | "token";

export interface Check {
  readonly id: string;
  /** The requirements and decisions that it covers. */
  readonly numbers: string;
  /** A statement that is true when the check passes. */
  readonly title: string;
  readonly needs: readonly Need[];
  readonly run: (trial: Trial) => Verdict | Promise<Verdict>;
}

export interface Finding extends Verdict {
  readonly id: string;
  readonly numbers: string;
  readonly title: string;
}

export const pass = (note?: string): Verdict => ({ status: "pass", ...(note && { note }) });
export const skipped = (note: string): Verdict => ({ status: "skipped", note });
export const fail = (expected: string, came: string, mend: string): Verdict => ({
  status: "fail",
  ...{ expected, came, mend },
});
/** For an adapter that works with the gateway but could be better. */
export const warn = (expected: string, came: string, mend: string): Verdict => ({
  ...fail(expected, came, mend),
  status: "warn",
});
