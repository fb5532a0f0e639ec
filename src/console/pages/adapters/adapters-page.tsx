import { PlugsConnectedIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Adapter, Flow } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { adaptersQuery, flowsQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { Time } from "../../ui/text/time.tsx";
import { flowsWith } from "./adapter-users.ts";

const idOf = ({ id }: Adapter) => id;
const pathOf = ({ id }: Adapter) => `/adapters/${id}`;

export default function AdaptersPage() {
  const workspace = useWorkspace();
  const { data: flows } = useQuery(flowsQuery(workspace));
  const columns = useMemo(() => columnsFor(flows), [flows]);
  return (
    <ListPage
      title="Adapters"
      intro="Services of partners that flows call with signed requests, and that answer at once or call back."
      query={useQuery(adaptersQuery(workspace))}
      columns={columns}
      keyOf={idOf}
      href={pathOf}
      create={{ label: "Register adapter", permission: "config.write", to: "/adapters/~new" }}
      note={{ permission: "config.write", what: "register or change adapters" }}
      empty={
        <EmptyState
          icon={<PlugsConnectedIcon />}
          title="No adapters yet"
          text="Register one with its URL and a shared secret; then add a step of the type adapter to a flow."
        />
      }
    />
  );
}

function columnsFor(flows: readonly Flow[] | undefined): readonly Column<Adapter>[] {
  return [
    { name: "Name", isMain: true, width: "22%", cell: ({ name }) => name },
    { name: "Type", width: "5.5rem", cell: ({ type }) => type },
    { name: "Solution", width: "20%", cell: ({ solution }) => solution ?? <span className="subtle">–</span> },
    { name: "Webhook URL", cell: ({ webhook_url: url }) => <span className="mono">{url}</span> },
    { name: "Used by", width: "7rem", cell: ({ id }) => flows && usersText(flowsWith(flows, id).length) },
    {
      name: "Secret since",
      width: "8rem",
      cell: ({ secret_rotated_at: at }) => (at === undefined ? "–" : <Time at={at} />),
    },
  ];
}

const usersText = (count: number) => (count === 0 ? "no flow" : `${count} ${count === 1 ? "flow" : "flows"}`);
