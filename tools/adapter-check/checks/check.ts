/** What a check is, and what it can come to. */
import type { Trial } from "../trial.ts";

export type Status = "pass" | "warn" | "fail" | "skipped";

export interface Verdict {
  readonly status: Status;
  /** Beside a pass: what was seen. Beside a skipped check: why. */
  readonly note?: string;
  readonly expected?: string;
  readonly came?: string;
  readonly mend?: string;
}

/**
 * What must have gone well before a check says anything: that the plain request was accepted, that there is a result of
 * it, that this result came by a callback, that callbacks and replies are distinguishable by their token.
 */
export type Need = "accepted" | "result" | "acknowledgement" | "callback" | "token";

export interface Check {
  readonly id: string;
  /** The requirements and decisions that it looks at. */
  readonly numbers: string;
  /** What is so when the check passes. */
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
/** Works with the gateway and could be better. */
export const warn = (expected: string, came: string, mend: string): Verdict => ({
  ...fail(expected, came, mend),
  status: "warn",
});
