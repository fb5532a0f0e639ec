/** The result of one attempt of a step. */
import type { AdapterResult } from "../../../core/adapter/result.ts";
import type { Exchange } from "../../../core/execution/execution.ts";
import type { Note } from "../../../core/execution/log.ts";
import type { Body } from "../../../core/message/body.ts";

export type Attempt = Outcome & {
  /** Messages of the other system, for the log. */
  readonly notes?: readonly Note[];
  /** The answer, if a request was sent. */
  readonly exchange?: Pick<Exchange, "status" | "reply">;
};

type Outcome =
  /** The step made a new message. */
  | { readonly kind: "replied"; readonly note: string; readonly body: Body }
  /** An adapter answered with its result. */
  | { readonly kind: "result"; readonly note: string; readonly result: AdapterResult }
  /** The other system accepted the request: its callback is awaited until `dueAt`, epoch ms. */
  | { readonly kind: "accepted"; readonly note: string; readonly dueAt: number }
  | {
      readonly kind: "failed";
      readonly failure: "error" | "bug";
      readonly note: string;
      /** The policy for further attempts; null where none is worth it. */
      readonly retry: { readonly delaysSeconds: readonly number[]; readonly afterMs: number | null } | null;
    };

export const terminal = (failure: "error" | "bug", note: string): Attempt => ({
  kind: "failed",
  failure,
  note,
  retry: null,
});

/** The body that an attempt received; null without one. */
export function bodyOf(attempt: Attempt): Body | null {
  switch (attempt.kind) {
    case "replied":
      return attempt.body;
    case "result":
      return attempt.result.body;
    case "accepted":
    case "failed":
      return null;
  }
}
