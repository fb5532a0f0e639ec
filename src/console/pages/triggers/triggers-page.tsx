import { WebhooksLogoIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import type { Trigger } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { triggersQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { CutAddress } from "../../ui/text/cut-address.tsx";

const nameOf = ({ name }: Trigger) => name;
const pathOf = ({ name }: Trigger) => `/triggers/${name}`;

export default function TriggersPage() {
  return (
    <ListPage
      title="Triggers"
      intro="Endpoints (webhooks) that other systems call. Each call is a message, and starts a flow."
      query={useQuery(triggersQuery(useWorkspace()))}
      columns={COLUMNS}
      keyOf={nameOf}
      href={pathOf}
      create={{ label: "New trigger", permission: "config.write", to: "/triggers/~new" }}
      empty={
        <EmptyState
          icon={<WebhooksLogoIcon />}
          title="No triggers yet"
          text="Create one to get a URL that other systems can call. It needs a flow that says what is done with each message; you can create the flow together with the trigger."
        />
      }
    />
  );
}

const AUTH: Record<Trigger["auth"]["type"], string> = {
  none: "open to anyone",
  apiKeys: "ApiKeys",
  basic: "Basic",
  signature: "signature",
};

function deliveryOf({ orderedDelivery, requestResponse }: Trigger): string {
  const isKeyed = typeof orderedDelivery === "object" && orderedDelivery.key !== undefined;
  const kinds = [
    orderedDelivery !== false && (isKeyed ? "ordered by key" : "ordered"),
    requestResponse !== false && "request-response",
  ];
  return kinds.filter(Boolean).join(", ") || "–";
}

const COLUMNS: readonly Column<Trigger>[] = [
  { name: "Name", isMain: true, width: "18%", cell: nameOf },
  {
    name: "URL",
    cell: ({ name, url }) => <CutAddress url={url} shown={new URL(url).pathname} what={`the URL of ${name}`} />,
  },
  { name: "Methods", width: "7.5rem", cell: ({ methods }) => methods.join(", ") },
  {
    name: "Authentication",
    width: "9rem",
    cell: ({ auth }) => <span className={auth.type === "none" ? "warn" : ""}>{AUTH[auth.type]}</span>,
  },
  { name: "Delivery", width: "12rem", cell: deliveryOf },
  { name: "Flow", width: "14%", cell: ({ flow }) => flow },
];
