import { Button } from "@cloudflare/kumo/components/button";
import { Select } from "@cloudflare/kumo/components/select";
import { ArrowUDownLeftIcon } from "@phosphor-icons/react";
import { useLocation, useSearchParams } from "wouter";
import type { CallbackSummary } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";
import { CALLBACK_STATUSES } from "../../data/statuses.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { CutAddress } from "../../ui/text/cut-address.tsx";
import { shortId } from "../../ui/text/text-link.tsx";
import { Time } from "../../ui/text/time.tsx";
import { activityText } from "./activity-text.tsx";
import styles from "./callbacks-page.module.css";
import { useCallbacks } from "./use-callbacks.ts";

const stateOf = ({ callbackState }: CallbackSummary) => callbackState;
const pathOf = ({ callbackState }: CallbackSummary) => `/callbacks/${callbackState}`;

export default function CallbacksPage() {
  const [search, setSearch] = useSearchParams();
  const status = CALLBACK_STATUSES.find((one) => one === search.get("status"));
  const { query, loadMore } = useCallbacks(status);
  const [, navigate] = useLocation();
  const hasFilter = status !== undefined || (query.data?.length ?? 0) > 0;
  return (
    <ListPage
      title="Callbacks"
      intro="URLs that another system calls to send status updates, or that bring a user back after an action elsewhere; the newest first."
      query={query}
      columns={COLUMNS}
      keyOf={stateOf}
      href={pathOf}
      onEnd={loadMore}
      create={{ label: "New callback", permission: "callbacks.write", to: "/callbacks/~new" }}
      note={{ permission: "callbacks.write", what: "create or close callbacks" }}
      actions={
        useMay()("config.read") && (
          <Button onClick={() => navigate("/callbacks/configurations")}>Stored configurations</Button>
        )
      }
      empty={
        <EmptyState
          icon={<ArrowUDownLeftIcon />}
          {...(status === undefined
            ? {
                title: "No callbacks yet",
                text: "Create one to get a URL for another system or a user. Programs create theirs through the API: POST /callbacks.",
              }
            : { title: "No callback matches", text: `No callback of this workspace is ${status} at the moment.` })}
        />
      }
    >
      {hasFilter && (
        <search className={styles.filter} aria-label="Filter the callbacks">
          <Select
            label="Status"
            value={status ?? ""}
            items={[{ value: "", label: "Any status" }, ...CALLBACK_STATUSES.map((value) => ({ value, label: value }))]}
            onValueChange={(next) => setSearch(next ? { status: next } : {}, { replace: true })}
          />
        </search>
      )}
    </ListPage>
  );
}

const COLUMNS: readonly Column<CallbackSummary>[] = [
  {
    name: "State",
    width: "9.5rem",
    isMain: true,
    cell: ({ callbackState }) => <span className="mono">{shortId(callbackState)}</span>,
  },
  { name: "Status", width: "7.5rem", isState: true, cell: ({ status }) => <StatusBadge status={status} /> },
  { name: "When it is called", width: "22%", cell: ({ callbackActivity }) => activityText(callbackActivity) },
  {
    name: "URL",
    cell: ({ callbackUrl, callbackState }) => (
      <CutAddress url={callbackUrl} what={`the URL of ${shortId(callbackState)}`} />
    ),
  },
  {
    name: "Uses",
    width: "5.5rem",
    isExtra: true,
    cell: ({ allowMultipleCalls }) => (allowMultipleCalls ? "many" : "one"),
  },
  { name: "Created", width: "8rem", cell: ({ createdAt }) => <Time at={createdAt} /> },
];
