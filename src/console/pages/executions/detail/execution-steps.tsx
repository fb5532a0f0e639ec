import type { Exchange } from "../../../../client/index.ts";
import { StatusBadge } from "../../../ui/data/status-badge.tsx";
import { CopyButton } from "../../../ui/text/copy-button.tsx";
import { duration, exactTime } from "../../../ui/text/time.tsx";
import styles from "./execution-steps.module.css";
import type { ShownStep } from "./step-status.ts";

/** The steps in order, each with its attempts and what they were answered. */
export function ExecutionSteps({ steps }: { readonly steps: readonly ShownStep[] }) {
  if (steps.length === 0) return <p className="subtle">The flow has no steps: it returns the message unchanged.</p>;
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => (
        <li key={step.name} className={styles.step}>
          <div className="row">
            <span className={styles.number}>{index + 1}</span>
            <span className={styles.name}>{step.name}</span>
            <span className="subtle small">{step.type}</span>
            <span className={styles.state}>
              {step.attempts > 1 && <span className="subtle">{step.attempts} attempts</span>}
              <StatusBadge status={step.status} />
            </span>
          </div>
          {step.request && (
            <p className={styles.request}>
              {step.request.method} {step.request.url}
            </p>
          )}
          <Id name="Correlation id" id={step.correlationId} />
          <Id name="Execution id of the adapter" id={step.invocationId} />
          {step.exchanges?.map((exchange, attempt) => (
            <Attempt
              key={exchange.startedAt}
              exchange={exchange}
              number={step.attempts - (step.exchanges?.length ?? 0) + attempt + 1}
              isOpen={step.status === "failed" && attempt + 1 === step.exchanges?.length}
            />
          ))}
        </li>
      ))}
    </ol>
  );
}

function Id({ name, id }: { readonly name: string; readonly id: string | undefined }) {
  return id === undefined ? null : (
    <p className={styles.correlation}>
      <span className="subtle">{name}</span> <span className="mono">{id}</span>
      <CopyButton text={id} what={`the ${name.charAt(0).toLowerCase()}${name.slice(1)}`} />
    </p>
  );
}

interface AttemptProps {
  readonly exchange: Exchange;
  readonly number: number;
  /** True when the details of the attempt are open at first. */
  readonly isOpen: boolean;
}

function Attempt({ exchange, number, isOpen }: AttemptProps) {
  const { startedAt, finishedAt, status, reply } = exchange;
  const took = duration(Date.parse(finishedAt) - Date.parse(startedAt));
  const isBad = status === undefined || status >= 300;
  const facts = (
    <>
      <span>Attempt {number}</span>
      <span className={isBad ? "bad" : "ok"}>{status === undefined ? "no answer" : `answered ${status}`}</span>
      <span className="subtle" title={exactTime(startedAt)}>
        {took}
      </span>
    </>
  );
  if (!reply) return <div className={styles.attempt}>{facts}</div>;
  return (
    <details className={styles.attempt} open={isOpen}>
      <summary>
        <span className={styles.facts}>{facts}</span>
      </summary>
      <p className={styles.replyType}>The beginning of the answer</p>
      <pre className={styles.reply}>{reply}</pre>
    </details>
  );
}
