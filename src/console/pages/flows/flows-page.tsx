import { Button } from "@cloudflare/kumo/components/button";
import { FlowArrowIcon, PlusIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLocation } from "wouter";
import type { Flow, Trigger } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { flowsQuery, triggersQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { LoadedTable } from "../../ui/data/loaded-table.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Page } from "../../ui/page/page.tsx";

const nameOf = ({ name }: Flow) => name;
const pathOf = ({ name }: Flow) => `/flows/${name}`;

export default function FlowsPage() {
  const workspace = useWorkspace();
  const flows = useQuery(flowsQuery(workspace));
  const triggers = useQuery(triggersQuery(workspace));
  const columns = useMemo(() => columnsOf(triggers.data ?? []), [triggers.data]);
  const [, navigate] = useLocation();
  const create = useMay()("config.write") && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => navigate("/flows/~new")}>
      New flow
    </Button>
  );
  const isEmpty = flows.data?.length === 0;
  return (
    <Page title="Flows" intro="What is done with a message: steps, one after the other." actions={!isEmpty && create}>
      <LoadedTable
        query={flows}
        what="the flows"
        label="Flows"
        columns={columns}
        keyOf={nameOf}
        href={pathOf}
        empty={
          <EmptyState
            icon={<FlowArrowIcon />}
            title="No flows yet"
            text="Create one, then give it a trigger: each message that the trigger takes in goes through the steps of the flow."
            action={create}
          />
        }
      />
    </Page>
  );
}

const columnsOf = (triggers: readonly Trigger[]): readonly Column<Flow>[] => [
  { name: "Name", isMain: true, width: "28%", cell: nameOf },
  {
    name: "Steps",
    cell: ({ steps }) =>
      steps.length === 0 ? <span className="subtle">none yet</span> : steps.map(({ name }) => name).join(", "),
  },
  {
    name: "Triggers",
    width: "28%",
    cell: ({ name }) =>
      triggers
        .filter(({ flow }) => flow === name)
        .map((trigger) => trigger.name)
        .join(", ") || "–",
  },
];
