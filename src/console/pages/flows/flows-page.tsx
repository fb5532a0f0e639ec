import { FlowArrowIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Flow, Trigger } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { flowsQuery, triggersQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";

const nameOf = ({ name }: Flow) => name;
const pathOf = ({ name }: Flow) => `/flows/${name}`;

export default function FlowsPage() {
  const workspace = useWorkspace();
  const triggers = useQuery(triggersQuery(workspace));
  const columns = useMemo(() => columnsOf(triggers.data ?? []), [triggers.data]);
  return (
    <ListPage
      title="Flows"
      intro="What is done with a message: steps, one after the other."
      query={useQuery(flowsQuery(workspace))}
      columns={columns}
      keyOf={nameOf}
      href={pathOf}
      create={{ label: "New flow", permission: "config.write", to: "/flows/~new" }}
      empty={
        <EmptyState
          icon={<FlowArrowIcon />}
          title="No flows yet"
          text="Create one, then give it a trigger: each message that the trigger accepts goes through the steps of the flow."
        />
      }
    />
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
