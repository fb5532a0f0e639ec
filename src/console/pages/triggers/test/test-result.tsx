import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../../data/api.tsx";
import { executionQuery } from "../../../data/queries.ts";
import { BodyView } from "../../../ui/body/body-view.tsx";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { NamedValues } from "../../../ui/data/named-values.tsx";
import { StatusBadge } from "../../../ui/data/status-badge.tsx";
import { ExecutionLink } from "../../../ui/text/text-link.tsx";
import { duration } from "../../../ui/text/time.tsx";
import { shownSteps } from "../../executions/detail/step-status.ts";
import type { TestAnswer } from "./send-test.ts";
import styles from "./test-panel.module.css";

const LIVE_MS = 1_000;

/** The answer to a test message, and the execution that it started as it goes on. */
export function TestResult({ answer }: { readonly answer: TestAnswer }) {
  const { status, statusText, headers, body, executionId, tookMs } = answer;
  return (
    <section className={styles.result} aria-label="Answer">
      <p className={styles.status} role="status">
        <strong className={status < 400 ? "ok" : "bad"}>
          {status} {statusText}
        </strong>
        <span className="subtle">in {duration(tookMs)}</span>
        <span>{meaningOf(status)}</span>
      </p>
      {executionId && <Progress id={executionId} />}
      <BodyView body={body} />
      <details>
        <summary className={styles.summary}>{headers.length} headers of the answer</summary>
        <NamedValues entries={headers} />
      </details>
    </section>
  );
}

/** The meaning of an answer's status. */
function meaningOf(status: number): string {
  if (status === 202) return "The message was accepted; the execution continues.";
  if (status < 300) return "The result of the flow.";
  if (status === 401) return "The credentials are missing or wrong: nothing was started.";
  if (status === 422) return "The data was refused, by the trigger or by the flow.";
  if (status === 502) return "The flow failed for a technical reason.";
  if (status === 504) return "The maximum time is over. The execution goes on.";
  return "";
}

function Progress({ id }: { readonly id: string }) {
  const query = useQuery({
    ...executionQuery(useWorkspace(), id),
    refetchInterval: ({ state }) => (state.data?.finishedAt === undefined ? LIVE_MS : false),
  });
  return (
    <section className={styles.progress} aria-label="Execution" aria-live="polite">
      <p className={styles.progressHead}>
        <span>
          Execution <ExecutionLink id={id} />
        </span>
        {query.data && <StatusBadge status={query.data.status} />}
      </p>
      <Loaded query={query} what="the execution">
        {({ status, steps, log }) => (
          <>
            {steps.length > 0 && (
              <ol className={styles.steps}>
                {shownSteps({ status, steps }).map((step) => (
                  <li key={step.name}>
                    <span>{step.name}</span>
                    {step.attempts > 1 && <span className="subtle">{step.attempts} attempts</span>}
                    <StatusBadge status={step.status} />
                  </li>
                ))}
              </ol>
            )}
            {status === "failed" && <p className="bad">{log.findLast(({ level }) => level === "error")?.message}</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
