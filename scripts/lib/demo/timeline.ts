/** Prints new log lines, step statuses and ends of executions, with the time since the first message arrived. */
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import type { ExecutionDetail, WorkspaceClient } from "../../../src/client/index.ts";

const POLL_MS = 40;
/** No execution of the demo takes as long as this. */
const LIMIT_MS = 30_000;

export interface Followed {
  readonly id: string;
  /** A label, when several executions are shown. */
  readonly name: string;
}

interface Fact {
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
  readonly step?: string | undefined;
  readonly word: string;
  readonly text: string;
}

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<string, Style> = {
  accepted: "dim",
  running: "cyan",
  waiting: "yellow",
  warning: "yellow",
  succeeded: "green",
  failed: "red",
  error: "red",
  skipped: "dim",
};

/** Follows executions until all have ended, printing what is new. Throws when they take too long. */
export async function followExecutions(
  { executions: noun }: WorkspaceClient,
  followed: readonly Followed[],
  print: (line: string) => void,
): Promise<ExecutionDetail[]> {
  const deadline = Date.now() + LIMIT_MS;
  const printed = new Set<string>();
  let start = Number.POSITIVE_INFINITY;
  for (;;) {
    const executions = await Promise.all(followed.map(({ id }) => noun.get(id)));
    start = Math.min(start, ...executions.map(({ createdAt }) => Date.parse(createdAt)));
    const fresh = executions
      .flatMap((execution, index) => factsOf(execution, Date.now()).map((fact) => ({ fact, of: followed[index] })))
      .filter(({ fact, of }) => !printed.has(`${of?.id} ${fact.key}`))
      .sort((a, b) => a.fact.at - b.fact.at);
    for (const { fact, of } of fresh) {
      printed.add(`${of?.id} ${fact.key}`);
      print(row(fact, of?.name ?? "", start));
    }
    if (executions.every(({ finishedAt }) => finishedAt !== undefined)) return executions;
    if (Date.now() > deadline) throw new Error(`Executions have not ended within ${LIMIT_MS} ms.`);
    await sleep(POLL_MS);
  }
}

/** @param now the time of facts that have no recorded time. */
function factsOf(execution: ExecutionDetail, now: number): Fact[] {
  const { steps, log, seq, createdAt, finishedAt, status } = execution;
  const accepted = { key: "accepted", at: Date.parse(createdAt), word: "accepted", text: `seq ${seq}` };
  const logged = log.map(({ at, level, step, message }, index) => {
    const isNewest = log.findLastIndex((entry) => entry.step === step) === index;
    const reached = steps.find(({ name }) => name === step)?.status;
    const word = isNewest && reached !== undefined && reached !== "running" ? reached : level;
    return { key: `log ${index}`, at: Date.parse(at), step, word, text: message };
  });
  const running = steps.flatMap(({ name, status, attempts }) =>
    status === "running"
      ? { key: `running ${name} ${attempts}`, at: now, step: name, word: "running", text: `attempt ${attempts}` }
      : [],
  );
  if (finishedAt === undefined) return [accepted, ...logged, ...running];
  const at = Date.parse(finishedAt);
  const skipped = steps.flatMap(({ name, status }) =>
    status === "skipped" ? { key: `skipped ${name}`, at, step: name, word: "skipped", text: "" } : [],
  );
  return [accepted, ...logged, ...skipped, { key: "end", at, word: status, text: endOf(execution) }];
}

function endOf({ documentStatus, technicalStatus, errorCode }: ExecutionDetail): string {
  const parts = [
    `document status ${documentStatus}`,
    technicalStatus !== undefined && `technical status ${technicalStatus}`,
    errorCode !== undefined && `error code ${errorCode}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function row({ at, step, word, text }: Fact, name: string, start: number): string {
  const time = styleText("dim", `+${at - start} ms`.padStart(9));
  const subject = `${name && `${name}  `}${(step ?? "execution").padEnd(9)}`;
  return `${time}  ${subject}  ${styleText(STYLES[word] ?? "reset", word.padEnd(9))}  ${text}`.trimEnd();
}
