/** What senders and a target saw of a gateway, in the order in which it happened: the evidence that checkers decide on. */

export type Event =
  /** A sender begins to send a message, for the first time. */
  | { readonly kind: "sent"; readonly message: number; readonly lane: string }
  /** The gateway has said that it has the message. */
  | {
      readonly kind: "accepted";
      readonly message: number;
      readonly lane: string;
      readonly executionId: string;
      readonly seq: number;
    }
  /** A request reaches the target. */
  | {
      readonly kind: "started";
      readonly request: number;
      readonly executionId: string;
      readonly attempt: number;
      readonly idempotencyKey: string;
    }
  /** The target begins to answer, or loses the connection. */
  | { readonly kind: "ended"; readonly request: number; readonly status: number | "cut" }
  /** The gateway is ended with SIGKILL, and is back later. */
  | { readonly kind: "killed" };

/** The place of an event in the history stands for its time. */
export type History = readonly Event[];

export interface Acceptance {
  readonly message: number;
  readonly lane: string;
  readonly executionId: string;
  readonly seq: number;
  /** Places of the first sending and of the answer. */
  readonly sentAt: number;
  readonly acceptedAt: number;
}

/** A request at the target, with the places of its start and its end. */
export interface TargetRequest {
  readonly executionId: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly startedAt: number;
  /** Infinity while it has not ended. */
  readonly endedAt: number;
  readonly status: number | "cut" | null;
}

export function acceptancesOf(history: History): Acceptance[] {
  const sentAt = new Map<number, number>();
  return history.flatMap((event, acceptedAt) => {
    if (event.kind === "sent" && !sentAt.has(event.message)) sentAt.set(event.message, acceptedAt);
    if (event.kind !== "accepted") return [];
    const { kind: _, ...facts } = event;
    return [{ ...facts, sentAt: sentAt.get(event.message) ?? acceptedAt, acceptedAt }];
  });
}

/** In the order in which they started. */
export function requestsOf(history: History): TargetRequest[] {
  const ends = new Map<number, { endedAt: number; status: number | "cut" }>();
  for (const [endedAt, event] of history.entries()) {
    if (event.kind === "ended" && !ends.has(event.request)) ends.set(event.request, { endedAt, status: event.status });
  }
  return history.flatMap((event, startedAt) => {
    if (event.kind !== "started") return [];
    const { executionId, attempt, idempotencyKey, request } = event;
    const end = ends.get(request) ?? { endedAt: Number.POSITIVE_INFINITY, status: null };
    return [{ executionId, attempt, idempotencyKey, startedAt, ...end }];
  });
}

/** How many requests were at the target at the same time, at most. */
export function mostAtOnce(history: History): number {
  let [inside, most] = [0, 0];
  for (const { kind } of history) {
    if (kind === "started") most = Math.max(most, ++inside);
    else if (kind === "ended") inside--;
  }
  return most;
}

export const isDelivered = ({ status }: TargetRequest) => typeof status === "number" && status >= 200 && status < 300;
