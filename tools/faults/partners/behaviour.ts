/** The behaviour of partners, drawn from the seed for each message, step, run and attempt; the same in each run of a seed. */
import { seeded } from "../../lib/seeded.ts";
import type { Saying } from "../checks/history.ts";

/** The kind of reply to one request. */
type Mode =
  | "well"
  /** The reply drips. */
  | "slow"
  /** A status that is no success. */
  | "refuse"
  /** The connection is reset instead of a reply, in the middle of it, or right behind it. */
  | "reset"
  | "reset-midway"
  | "reset-behind"
  | "hang";

export interface Manner {
  readonly mode: Mode;
  readonly delayMs: number;
  /** For `refuse`. */
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  /** Padding of a generated reply; large replies exceed the size of a row. */
  readonly padBytes: number;
}

/** The callbacks of a partner for a waiting step, with their times. */
export interface Statement {
  /** Null when the partner never calls back. */
  readonly saying: Saying | null;
  /** Sent in the reply itself; adapters only. */
  readonly isInReply: boolean;
  /** Sent before the reply. */
  readonly isEarly: boolean;
  readonly delayMs: number;
  /** Number of simultaneous callbacks; every second one has the opposite content. */
  readonly copies: number;
  readonly progress: number;
  /** Delay of one late repetition; null for none. */
  readonly againAfterMs: number | null;
  readonly documentStatus?: string;
  readonly errorCode?: string;
}

const REFUSALS = [400, 404, 409, 422, 429, 429, 429, 429, 500, 500, 502, 503, 503, 504, 301];
const GENTLE_REFUSALS = [500, 502, 503, 504];
const GENTLE_DELAY_MS = 10;
const MODES: readonly [Mode, number][] = [
  ["slow", 0.03],
  ["refuse", 0.08],
  ["reset", 0.03],
  ["reset-midway", 0.02],
  ["reset-behind", 0.02],
  ["hang", 0.01],
];
/** From this attempt on requests succeed, so that few steps fail permanently. */
const GIVES_IN_AT = 5;
/** The share of messages that partners always refuse. */
const DOOMED = 0.01;

const STATUSES = ["Rejected by Customs", "on hold", "No such status", "Failed"];

export function mannerOf(seed: number, place: readonly (string | number)[], message: number, attempt: number): Manner {
  const draw = (what: string) => seeded(seed, what, ...place, attempt);
  const isDoomed = seeded(seed, "doomed", message, place.at(-1) ?? "") < DOOMED;
  const status = isDoomed ? 500 : (REFUSALS[Math.floor(draw("status") * REFUSALS.length)] ?? 500);
  const mode = isDoomed ? "refuse" : attempt >= GIVES_IN_AT ? "well" : pick(draw("mode"));
  return {
    ...{ mode, status },
    delayMs: draw("delay") ** 3 * 60,
    retryAfterSeconds: status === 429 && draw("after") < 0.7 ? 1 : null,
    padBytes: draw("pad") < 0.04 ? 70_000 + Math.floor(draw("size") * 80_000) : 0,
  };
}

function pick(drawn: number): Mode {
  let left = drawn;
  for (const [mode, share] of MODES) {
    if (left < share) return mode;
    left -= share;
  }
  return "well";
}

export function statementOf(
  seed: number,
  dialect: "L" | "C",
  place: readonly (string | number)[],
  canProgress: boolean,
): Statement {
  const draw = (what: string) => seeded(seed, what, ...place);
  const saying = dialect === "L" ? linkSaying(draw("saying")) : adapterSaying(draw("saying"));
  return {
    saying,
    isInReply: dialect === "C" && saying !== null && draw("sync") < 0.5,
    isEarly: draw("early") < 0.15,
    delayMs: draw("wait") ** 2 * 700,
    copies: draw("copies") < 0.2 ? 2 + Math.floor(draw("count") * 3) : 1,
    progress: canProgress && draw("progress") < 0.4 ? 1 + Math.floor(draw("times") * 2) : 0,
    againAfterMs: draw("again") < 0.15 ? 500 + draw("later") * 3_000 : null,
    ...(saying === "failed" &&
      draw("status") < 0.6 && { documentStatus: STATUSES[Math.floor(draw("which") * 4)] ?? "" }),
    ...(saying === "failed" && draw("code") < 0.5 && { errorCode: `E-${Math.floor(draw("number") * 1000)}` }),
  };
}

/** A successful callback without delay. */
export const PROMPT: Statement = {
  ...{ saying: "ok", isInReply: false, isEarly: false, delayMs: 0, copies: 1, progress: 0, againAfterMs: null },
};

/** Short delays and refusals only, for partners that read every request. */
export function gentleMannerOf(
  seed: number,
  place: readonly (string | number)[],
  attempt: number,
  refusals: number,
): Manner {
  const draw = (what: string) => seeded(seed, what, ...place, attempt);
  const isRefused = attempt < GIVES_IN_AT && draw("refusal") < refusals;
  return {
    ...WELL,
    ...(isRefused && { mode: "refuse", status: GENTLE_REFUSALS[Math.floor(draw("status") * 4)] ?? 500 }),
    delayMs: draw("delay") * GENTLE_DELAY_MS,
  };
}

export const WELL: Manner = { mode: "well", delayMs: 0, status: 200, retryAfterSeconds: null, padBytes: 0 };

function linkSaying(drawn: number): Saying | null {
  if (drawn < 0.78) return "ok";
  return drawn < 0.95 ? "failed" : null;
}

function adapterSaying(drawn: number): Saying | null {
  if (drawn < 0.74) return "success";
  if (drawn < 0.82) return "skipped";
  if (drawn < 0.9) return "error";
  return drawn < 0.95 ? "bug" : null;
}
