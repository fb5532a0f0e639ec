/** The races between a reply, callbacks, time and operators, and how each must end (LD8, CD7). */

import { type Reply, sleep } from "../target.ts";
import { type Hurry, type Partner, resultFor, type Saying, type Stage } from "./race.ts";

const [ONE, TWO, FAILED] = [{ ok: "one" }, { ok: "two" }, { failed: true }] as const;
export const acknowledge: Partner = async ({ dialect }) => dialect.acknowledgement;

/** An allowed outcome of a race: the execution's end, and the text that the next step gets once, if any. */
interface Ending {
  readonly execution: object;
  readonly passedOn: string | null;
}

const won = (text: string): Ending => ({
  execution: { status: "succeeded", documentStatus: "Completed", result: "success" },
  passedOn: text,
});
const failed = { execution: { status: "failed", failure: "error", documentStatus: "Failed" }, passedOn: null };
const ignored = { execution: { status: "cancelled", documentStatus: "Ignored" }, passedOn: null };
const malfunction = { execution: { ...failed.execution, failure: "bug" }, passedOn: null };
const timedOut = { execution: { ...malfunction.execution, technicalStatus: "Timeout" }, passedOn: null };

export interface Race {
  readonly name: string;
  /** The partner's actions on the request, including its reply. */
  readonly partner?: Partner;
  /** Runs once the execution has the expected status. */
  readonly later?: { readonly at: string; readonly act: (stage: Stage) => Promise<unknown> };
  /** Statuses of the calls, sorted. */
  readonly answers: readonly number[];
  readonly ending: Ending | ((stage: Stage) => Ending);
  /** C's log entries for late signals, in any order (CD7). */
  readonly late: readonly RegExp[];
  readonly hurry?: Hurry;
  /** Requests that the partner got, where that is not one. */
  readonly requests?: number;
}

const lateCallback = /^Late callback success/;
const lateReply = /^Late reply/;

/** The accepted one of simultaneous calls. */
const whoeverWon = ({ said }: Stage): Ending => {
  const taken = said.find(({ status }) => status === 200)?.saying;
  return taken && "ok" in taken ? won(taken.ok) : failed;
};

/** The reply's head and first bytes go out, then a callback comes, then the rest of the reply. */
const during =
  (saying: Saying, result?: Saying): Partner =>
  async ({ dialect, request, response, say }) => {
    const { status } = dialect.acknowledgement;
    const body = result ? JSON.stringify(resultFor(request, result)) : String(dialect.acknowledgement.body);
    response.writeHead(status, { "content-length": Buffer.byteLength(body) });
    response.write(body.slice(0, 5));
    await sleep(50);
    await say(saying);
    response.end(body.slice(5));
    return undefined;
  };

/** A callback, if any, and then the reply. */
const before =
  (saying: Saying | null, reply: Reply | Saying | "acknowledge" | "break off"): Partner =>
  async ({ dialect, request, response, say }) => {
    if (saying) await say(saying);
    await sleep(50);
    if (reply === "acknowledge") return dialect.acknowledgement;
    if (reply === "break off") response.destroy();
    if (typeof reply !== "object") return undefined;
    return "ok" in reply || "failed" in reply ? { body: JSON.stringify(resultFor(request, reply)) } : reply;
  };

const bothBefore =
  (...sayings: Saying[]): Partner =>
  async ({ dialect, say }) => {
    await Promise.all(sayings.map(say));
    await sleep(50);
    return dialect.acknowledgement;
  };

/** A callback comes before the reply, and is taken. */
const early = (name: string, partner: Partner, ending: Ending, late = [lateReply]): Race => ({
  ...{ name, partner, answers: [200], ending, late },
});

/** The reply has come, and the step waits. */
const waiting = (
  name: string,
  act: (stage: Stage) => Promise<unknown>,
  answers: readonly number[],
  ending: Race["ending"] = won("one"),
): Race => ({
  ...{ name, later: { at: "waiting", act }, answers, ending },
  late: answers.includes(409) ? [lateCallback] : [],
});

/** The execution is over in another way, and then a callback comes. */
const tooLate = (name: string, partner: Partner, ending: Ending, more: Partial<Race> = {}): Race => ({
  ...{ name, partner, answers: [409], ending, late: [lateCallback] },
  later: { at: (ending.execution as { status: string }).status, act: ({ say }) => say(ONE) },
  ...more,
});

/** A callback comes while another attempt is due in a second. */
const retrying = (name: string, saying: Saying, ending: Ending): Race => ({
  ...{ name, answers: [200], ending, late: [] },
  partner: async () => ({ status: 503, headers: { "retry-after": "1" } }),
  later: { at: "retrying", act: ({ say }) => say(saying).then(() => sleep(1200)) },
});

const reply =
  (status: number): Partner =>
  async () => ({ status });

export const both: Race[] = [
  early("callback before reply", before(ONE, "acknowledge"), won("one")),
  early("failure before reply", before(FAILED, "acknowledge"), failed),
  early("callback, then reply 500", before(ONE, { status: 500 }), won("one")),
  early("callback, then reply 503", before(ONE, { status: 503 }), won("one")),
  early("callback, then reply 404", before(ONE, { status: 404 }), won("one")),
  early("failure, then reply 500", before(FAILED, { status: 500 }), failed),
  early("callback, then no reply", before(ONE, "break off"), won("one")),
  {
    ...early("callback before reply and another after it", before(ONE, "acknowledge"), won("one")),
    later: { at: "succeeded", act: ({ say }) => say(TWO) },
    answers: [200, 409],
    late: [lateReply, lateCallback],
  },
  {
    ...early("two partners at once before the reply, one with a failure", bothBefore(ONE, FAILED), failed),
    answers: [200, 409],
    ending: whoeverWon,
    late: [/^Late callback (?:success|error)/, lateReply],
  },
  waiting("callback after reply", ({ say }) => say(ONE), [200]),
  waiting("twice, one after the other", ({ say }) => say(ONE).then(() => say(ONE)), [200, 409]),
  waiting("twice at once", ({ say }) => Promise.all([say(ONE), say(ONE)]), [200, 409]),
  waiting("failure, then success", ({ say }) => say(FAILED).then(() => say(ONE)), [200, 409], failed),
  waiting("two partners at once", ({ say }) => Promise.all([say(ONE), say(TWO)]), [200, 409], whoeverWon),
  waiting("twelve at once", ({ say }) => Promise.all(Array.from({ length: 12 }, () => say(ONE))), [
    ...[200, ...Array<number>(11).fill(409)],
  ]),
  waiting("after cancel", (stage) => cancel(stage).then(() => stage.say(ONE)), [409], ignored),
  {
    ...{ name: "after cancel, before the reply", answers: [409], ending: ignored, late: [lateCallback, lateReply] },
    partner: async ({ dialect }) => sleep(400).then(() => dialect.acknowledgement),
    later: {
      at: "running",
      act: (stage) =>
        cancel(stage)
          .then(() => stage.say(ONE))
          .then(() => sleep(400)),
    },
  },
];

export const onlyLink: Race[] = [
  early("callback during reply", during(ONE), won("one"), []),
  retrying("callback while a retry is pending", ONE, won("one")),
  retrying("failure while a retry is pending", FAILED, failed),
  tooLate("after time-out", acknowledge, timedOut, { hurry: "callback" }),
  tooLate("after the last attempt has failed", reply(500), malfunction, { requests: 2 }),
  tooLate("after a reply 400", reply(400), failed),
  tooLate("after time without a reply", async () => undefined, malfunction, { hurry: "reply", requests: 2 }),
];

export const onlyChainio: Race[] = [
  early("callback during reply", during(ONE), won("one")),
  early("callback during a reply with a result", during(ONE, TWO), won("one")),
  early("callback, then reply 200 with a result", before(ONE, TWO), won("one")),
  early("callback, then reply 200 with a failure", before(ONE, FAILED), won("one")),
  early("failure, then reply 200 with a result", before(FAILED, TWO), failed),
  tooLate("after a reply with a result", before(null, TWO), won("two")),
  tooLate("after a reply with a failure", before(null, FAILED), failed),
  tooLate("after a reply 500", reply(500), malfunction),
  tooLate("after a reply 400", reply(400), failed),
  tooLate("after time without a reply", async () => undefined, malfunction, { hurry: "reply" }),
  tooLate("after the token has expired", acknowledge, malfunction, { hurry: "callback", answers: [410] }),
];

async function cancel({ workspace, executionId }: Stage): Promise<void> {
  await workspace.post(`/executions/${executionId}/cancel`, {});
}
