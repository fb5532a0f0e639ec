import type { ExecutionDetail } from "../../../../client/index.ts";
import { Facts } from "../../../ui/data/facts.tsx";
import { ExecutionLink, TextLink } from "../../../ui/text/text-link.tsx";
import { duration, Time } from "../../../ui/text/time.tsx";

const FAILURES: Record<NonNullable<ExecutionDetail["failure"]>, string> = { error: "by the data", bug: "technical" };

/** The summary of an execution; what does not apply is left out. */
export function ExecutionFacts({ execution }: { readonly execution: ExecutionDetail }) {
  const { trigger, flow, createdAt, startedAt, finishedAt, resubmittedFrom, lane, seq } = execution;
  const { documentStatus, technicalStatus, errorCode, failure } = execution;
  return (
    <Facts
      isFramed
      facts={[
        {
          name: "Trigger",
          value: trigger === undefined ? "a callback" : <TextLink href={`/triggers/${trigger}`}>{trigger}</TextLink>,
        },
        { name: "Flow", value: <TextLink href={`/flows/${flow}`}>{flow}</TextLink> },
        { name: "Received", value: <Time at={createdAt} /> },
        { name: "In the queue", value: startedAt && duration(Date.parse(startedAt) - Date.parse(createdAt)) },
        { name: "Took", value: finishedAt && duration(Date.parse(finishedAt) - Date.parse(createdAt)) },
        { name: "Document status", value: documentStatus },
        { name: "Technical status", value: technicalStatus },
        { name: "Error code", value: errorCode },
        { name: "Kind of failure", value: failure && FAILURES[failure] },
        { name: "Lane", value: lane },
        { name: "Number", value: lane && seq },
        { name: "Resubmitted from", value: resubmittedFrom && <ExecutionLink id={resubmittedFrom} /> },
      ]}
    />
  );
}
