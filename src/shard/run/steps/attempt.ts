/** What came of one attempt of a step. */
import type { AdapterResult } from "../../../core/adapter/result.ts";
import type { Exchange } from "../../../core/execution/execution.ts";
import type { Note } from "../../../core/execution/log.ts";
import type { Body } from "../../../core/message/body.ts";
import { dropBodies } from "../../../storage/bodies/bodies.ts";

export type Attempt = Outcome & {
  /** What others said, for the log. */
  readonly notes?: readonly Note[];
  /** What came back, if a request was made. */
  readonly exchange?: Pick<Exchange, "status" | "reply">;
};

type Outcome =
  /** The step made a new message. */
  | { readonly kind: "replied"; readonly note: string; readonly body: Body }
  /** An adapter answered with its result. */
  | { readonly kind: "signalled"; readonly note: string; readonly signal: AdapterResult }
  /** An async step's request was taken: its callback is awaited until then, epoch ms. */
  | { readonly kind: "accepted"; readonly note: string; readonly dueAt: number }
  | {
      readonly kind: "failed";
      readonly failure: "error" | "bug";
      readonly note: string;
      /** When it is worth another attempt, what is known of when. */
      readonly retry: { readonly delaysSeconds: readonly number[]; readonly afterMs: number | null } | null;
    };

export const terminal = (failure: "error" | "bug", note: string): Attempt => ({
  kind: "failed",
  failure,
  note,
  retry: null,
});

/** Undoes what an attempt left behind when its result no longer counts. */
export async function discardAttempt(bucket: R2Bucket, attempt: Attempt): Promise<void> {
  if (attempt.kind === "replied") await dropBodies(bucket, [attempt.body]);
  if (attempt.kind === "signalled" && attempt.signal.body) await dropBodies(bucket, [attempt.signal.body]);
}
