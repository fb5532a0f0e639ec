/** Messages: every accepted one has one execution, which has ended; incomplete ones have none. */
import { FIRST_USE } from "../load/callers.ts";
import { isFinal } from "./history.ts";
import type { Index, Violation } from "./index.ts";

export function* checkMessages(index: Index): Generator<Violation> {
  yield* checkAccepted(index);
  yield* checkOnce(index);
  yield* checkUnsent(index);
  yield* checkRepeats(index);
}

function* checkAccepted({ calls, views, executions }: Index): Generator<Violation> {
  const accepted = new Set(calls.flatMap(({ answer }) => answer.executionId ?? []));
  for (const id of accepted) if (!views.has(id)) yield { rule: "lost", detail: `${id} was accepted and is not there` };
  for (const { id, status, trigger } of executions) {
    if (!isFinal(status)) yield { rule: "lost", detail: `${id} of ${trigger} never ended: it is ${status}` };
  }
}

function* checkOnce({ executions, sends }: Index): Generator<Violation> {
  const firsts = executions.filter(({ resubmittedFrom }) => resubmittedFrom === undefined);
  const idsOf = new Map<number, Set<string>>();
  const note = (message: number, id: string) => idsOf.set(message, (idsOf.get(message) ?? new Set()).add(id));
  for (const { message, id } of firsts) note(message, id);
  for (const { op, answer } of sends) if (answer.executionId !== undefined) note(op.message, answer.executionId);
  for (const [message, ids] of idsOf) {
    if (ids.size > 1) yield { rule: "accepted-twice", detail: `message ${message} has ${[...ids].join(" and ")}` };
  }
  const messagesOf = Map.groupBy(
    sends.filter(({ answer }) => answer.executionId !== undefined),
    ({ answer }) => answer.executionId,
  );
  for (const [id, own] of messagesOf) {
    const messages = new Set(own.map(({ op }) => op.message));
    if (messages.size > 1)
      yield { rule: "accepted-twice", detail: `${id} is that of messages ${[...messages].join(", ")}` };
  }
}

function* checkUnsent({ executions, sends, of }: Index): Generator<Violation> {
  const whole = new Set(sends.filter(({ op }) => !op.isBroken).map(({ op }) => op.message));
  const used = new Set(of("use").map(({ op }) => op.message));
  for (const { id, message, trigger } of executions) {
    const isSent = message >= FIRST_USE ? used.has(message) : whole.has(message);
    if (!isSent)
      yield { rule: "unsent", detail: `${id} of ${trigger} has message ${message}, which nobody sent whole` };
  }
}

/** A repeated message is answered as such, and another body under its key is rejected (ND13). */
function* checkRepeats({ sendsOf, sends }: Index): Generator<Violation> {
  for (const { op, startedAt, answer } of sends) {
    if (op.key === null || answer.executionId === undefined || typeof answer.status !== "number") continue;
    const before = sendsOf(String(op.message)).find(
      (one) => one.endedAt < startedAt && one.answer.executionId !== undefined,
    );
    if (before && !answer.isReplayed) {
      yield {
        rule: "replay",
        detail: `message ${op.message} was answered ${answer.status} again, not as a repeated one`,
      };
    }
    const isRefusable = op.isForeignKey && op.feature !== "deliveries";
    if (before && isRefusable) yield { rule: "replay", detail: `message ${op.message} was replaced under its key` };
  }
}
