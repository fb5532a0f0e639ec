import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon, WebhooksLogoIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { Trigger } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { triggersQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { LoadedTable } from "../../ui/data/loaded-table.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Page } from "../../ui/page/page.tsx";
import { CutAddress } from "../../ui/text/cut-address.tsx";
import styles from "./triggers-page.module.css";

const nameOf = ({ name }: Trigger) => name;
const pathOf = ({ name }: Trigger) => `/triggers/${name}`;

export default function TriggersPage() {
  const triggers = useQuery(triggersQuery(useWorkspace()));
  const [, navigate] = useLocation();
  const create = useMay()("config.write") && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => navigate("/triggers/~new")}>
      New trigger
    </Button>
  );
  const isEmpty = triggers.data?.length === 0;
  return (
    <Page
      title="Triggers"
      intro="Endpoints (webhooks) that other systems call. Each call is a message, and starts a flow."
      actions={!isEmpty && create}
    >
      <LoadedTable
        query={triggers}
        what="the triggers"
        label="Triggers"
        columns={COLUMNS}
        keyOf={nameOf}
        href={pathOf}
        empty={
          <EmptyState
            icon={<WebhooksLogoIcon />}
            title="No triggers yet"
            text="Create one to get a URL that other systems can call. It needs a flow that says what is done with each message; you can create that in place."
            action={create}
          />
        }
      />
    </Page>
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
    cell: ({ auth }) => <span className={auth.type === "none" ? styles.open : undefined}>{AUTH[auth.type]}</span>,
  },
  { name: "Delivery", width: "12rem", cell: deliveryOf },
  { name: "Flow", width: "14%", cell: ({ flow }) => flow },
];
