/** The requests and answers of clients and partners, in order: the only input of the checker. */
import type { ExecutionDetail } from "../../../src/client/index.ts";

/** A partner's statement about a step, in either dialect. */
export type Saying = "ok" | "failed" | "success" | "skipped" | "error" | "bug" | "progress";

/** A client's request to the gateway. */
export type Op =
  | {
      readonly what: "send";
      readonly feature: string;
      /** Number of the message; its body and all results of partners contain it. */
      readonly message: number;
      /** Key of its lane, where the trigger has lanes by key. */
      readonly lane: string | null;
      readonly key: string | null;
      readonly sha256: string;
      /** The body does not end as announced, so the message must not be accepted. */
      readonly isBroken: boolean;
      /** The key was used for another body before. */
      readonly isForeignKey: boolean;
      /** Creation time of its trigger in ms; null when the trigger existed before the run. */
      readonly freshSince: number | null;
    }
  | { readonly what: "poll"; readonly executionId: string; readonly freshSince: number | null }
  | Operation<"retry">
  | Operation<"cancel">
  | Operation<"resubmit">
  | {
      readonly what: "lane";
      readonly action: "retry" | "skip" | "pause" | "resume";
      readonly lane: string;
      readonly head: string | null;
    }
  | {
      readonly what: "signal";
      readonly dialect: "L" | "C";
      readonly correlation: string;
      readonly executionId: string;
      readonly saying: Saying;
      readonly documentStatus?: string;
      readonly errorCode?: string;
      /** Of what becomes the message, if it does. */
      readonly sha256: string;
    }
  | { readonly what: "mint"; readonly callback: number; readonly settings: CallbackKind }
  | { readonly what: "use"; readonly callback: number; readonly message: number }
  | { readonly what: "close"; readonly callback: number }
  | { readonly what: "configure"; readonly feature: string; readonly version: number };

interface Operation<What extends string> {
  readonly what: What;
  readonly executionId: string;
}

export interface CallbackKind {
  readonly activity: "record" | "http" | "flow";
  readonly isMultiple: boolean;
  readonly isRetryable: boolean;
  readonly replays: boolean;
}

export interface Answer {
  /** `cut`: the connection broke. `left`: the client went away. */
  readonly status: number | "cut" | "left";
  readonly executionId?: string;
  readonly seq?: number;
  readonly isReplayed?: boolean;
  readonly hasRetryAfter?: boolean;
  readonly hasLocation?: boolean;
  /** Of the body of a 2xx that is the flow's result. */
  readonly sha256?: string;
  /** State of a minted callback. */
  readonly state?: string;
  readonly code?: string;
}

/** A request at a partner. */
export interface PartnerRequest {
  readonly request: number;
  readonly executionId: string;
  readonly step: string;
  readonly key: string;
  readonly attempt: number;
  readonly correlation: string | null;
  readonly message: number;
  /** Of the message that the step was given. */
  readonly sha256: string;
  /** Of what must be equal in each repeat: a callback token says when it was made. */
  readonly sameSha256: string;
  readonly version: number;
}

export interface PartnerReply {
  readonly request: number;
  readonly status: number | "cut";
  /** True when the gateway must have received the whole reply. */
  readonly isClean: boolean;
  /** Too large for a row: it goes through R2, which may fail. */
  readonly isLarge?: boolean;
  /** Of what becomes the message, if it does. */
  readonly sha256?: string;
  readonly saying?: Saying;
  readonly retryAfterMs?: number;
}

export type Event = { /** Ms since the run began. */ readonly at: number } & (
  | { readonly kind: "call"; readonly call: number; readonly op: Op }
  | ({ readonly kind: "answer"; readonly call: number } & Answer)
  | ({ readonly kind: "request" } & PartnerRequest)
  | ({ readonly kind: "reply" } & PartnerReply)
  /** A call of a minted callback's handler. */
  | { readonly kind: "handler"; readonly request: number; readonly state: string; readonly message: number }
  /** `loaded`: everything is sent. `calm`: no faults from here on. */
  | { readonly kind: "kill" | "up" | "loaded" | "calm" }
  /** An object is stopped between the two; `null` may be any shard. */
  | { readonly kind: "abort" }
  | { readonly kind: "aborted"; readonly shard: string | null }
);

type Bare<T> = T extends unknown ? Omit<T, "at"> : never;

/** An event without its time. */
export type Fact = Bare<Event>;

export class Recorder {
  readonly events: Event[] = [];
  readonly #begun = performance.now();
  #calls = 0;
  #requests = 0;

  get now(): number {
    return performance.now() - this.#begun;
  }

  note(fact: Fact): void {
    this.events.push({ at: this.now, ...fact } as Event);
  }

  /** Records the start of a request; returns the number that its answer refers to. */
  call(op: Op): number {
    const call = this.#calls++;
    this.note({ kind: "call", call, op });
    return call;
  }

  nextRequest(): number {
    return this.#requests++;
  }
}

type ExecutionFields =
  | ("id" | "trigger" | "flow" | "lane" | "seq" | "failure" | "documentStatus" | "technicalStatus")
  | ("errorCode" | "result" | "startedAt" | "finishedAt" | "resubmittedFrom");

/** An execution as the admin API shows it after the run. */
export interface ExecutionView extends Pick<ExecutionDetail, ExecutionFields> {
  readonly status: string;
  readonly steps: readonly StepView[];
  /** Number of its message; read from its input where no client knows its id. */
  readonly message: number;
}

type Step = ExecutionDetail["steps"][number];

export interface StepView extends Pick<Step, "name" | "correlationId" | "invocationId"> {
  readonly type: string;
  readonly status: string;
  /** The newest attempts of the newest run; one without a status had no answer. */
  readonly exchanges?:
    | readonly Pick<NonNullable<Step["exchanges"]>[number], "startedAt" | "finishedAt" | "status">[]
    | undefined;
}

export interface CallbackView {
  readonly callback: number;
  readonly state: string;
  readonly status: string;
  readonly outcomes: readonly string[];
}

export interface Evidence {
  readonly events: readonly Event[];
  readonly executions: readonly ExecutionView[];
  readonly callbacks: readonly CallbackView[];
}

export const isFinal = (status: string) => ["succeeded", "failed", "cancelled"].includes(status);
