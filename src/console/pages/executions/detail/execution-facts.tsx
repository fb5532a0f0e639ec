import type { ReactNode } from "react";
import type { ExecutionDetail } from "../../../../client/index.ts";
import { ExecutionLink, TextLink } from "../../../ui/text/text-link.tsx";
import { duration, Time } from "../../../ui/text/time.tsx";
import styles from "./execution-facts.module.css";

/** What is known of an execution at a glance; what does not apply is left out. */
export function ExecutionFacts({ execution }: { readonly execution: ExecutionDetail }) {
  const { trigger, flow, createdAt, startedAt, finishedAt, resubmittedFrom, lane, seq } = execution;
  const { documentStatus, technicalStatus, errorCode, failure } = execution;
  const facts: readonly [string, ReactNode][] = [
    [
      "Trigger",
      trigger === undefined ? (
        "a callback"
      ) : (
        <TextLink key="trigger" href={`/triggers/${trigger}`}>
          {trigger}
        </TextLink>
      ),
    ],
    [
      "Flow",
      <TextLink key="flow" href={`/flows/${flow}`}>
        {flow}
      </TextLink>,
    ],
    ["Received", <Time key="received" at={createdAt} />],
    ["In the queue", startedAt && duration(Date.parse(startedAt) - Date.parse(createdAt))],
    ["Took", finishedAt && duration(Date.parse(finishedAt) - Date.parse(createdAt))],
    ["Document status", documentStatus],
    ["Technical status", technicalStatus],
    ["Error code", errorCode],
    ["Kind of failure", failure && (failure === "error" ? "by the data" : "technical")],
    ["Lane", lane],
    ["Number", lane && seq],
    ["Resubmitted from", resubmittedFrom && <ExecutionLink key="source" id={resubmittedFrom} />],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== undefined && value !== "" && value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
