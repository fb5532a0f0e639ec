import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import type { ExecutionDetail } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { executionQuery } from "../../../data/queries.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { StatusBadge } from "../../../ui/data/status-badge.tsx";
import { Heading } from "../../../ui/page/heading.tsx";
import { Page, Section } from "../../../ui/page/page.tsx";
import { CopyButton } from "../../../ui/text/copy-button.tsx";
import { shortId, TextLink } from "../../../ui/text/text-link.tsx";
import { useNow } from "../../../ui/text/time.tsx";
import { ExecutionActions } from "./execution-actions.tsx";
import { ExecutionFacts } from "./execution-facts.tsx";
import { ExecutionLog } from "./execution-log.tsx";
import { ExecutionMessage } from "./execution-message.tsx";
import { ExecutionSteps } from "./execution-steps.tsx";
import { StatusLog } from "./status-log.tsx";
import { shownSteps } from "./step-status.ts";
import { timelineOf } from "./timeline.ts";
import { TimelinePicture } from "./timeline-picture.tsx";

const LIVE_MS = 1_500;

export default function ExecutionPage() {
  const { id } = useParams<{ id: string }>();
  const query = useQuery({
    ...executionQuery(useWorkspace(), id),
    refetchInterval: ({ state }) => (state.data?.finishedAt === undefined ? LIVE_MS : false),
  });
  const short = shortId(id);
  return (
    <Page
      title={`Execution ${short}`}
      above={<TextLink href="/executions">Executions</TextLink>}
      heading={
        <Heading what="Execution" name={short}>
          <CopyButton text={id} what="the execution id" />
          {query.data && <StatusBadge status={query.data.status} />}
        </Heading>
      }
      actions={query.data && <ExecutionActions execution={query.data} />}
    >
      <Loaded query={query} what="the execution">
        {(execution) => <Content execution={execution} />}
      </Loaded>
    </Page>
  );
}

function Content({ execution }: { readonly execution: ExecutionDetail }) {
  const now = useNow();
  return (
    <>
      <ExecutionFacts execution={execution} />
      <Section title="Timeline">
        <TimelinePicture timeline={timelineOf(execution, now)} />
      </Section>
      <Section title="Steps" isFlush>
        <ExecutionSteps steps={shownSteps(execution)} />
      </Section>
      <ExecutionMessage execution={execution} />
      <Section title="Document status" isFlush>
        <StatusLog entries={execution.statusLog} />
      </Section>
      <Section title="Log" isFlush>
        <ExecutionLog log={execution.log} />
      </Section>
    </>
  );
}
