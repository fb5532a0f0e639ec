import { Button } from "@cloudflare/kumo/components/button";
import { Select } from "@cloudflare/kumo/components/select";
import { ArrowUDownLeftIcon, PlusIcon } from "@phosphor-icons/react";
import { useLocation, useSearchParams } from "wouter";
import type { CallbackStatus, CallbackSummary } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";
import { type Column, DataTable } from "../../ui/data/data-table.tsx";
import { Loaded } from "../../ui/data/loaded.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { Time } from "../../ui/text/time.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Frame } from "../../ui/page/frame.tsx";
import { Page } from "../../ui/page/page.tsx";
import { CutAddress } from "../../ui/text/cut-address.tsx";
import styles from "./callbacks-page.module.css";
import { activityText } from "./activity-text.tsx";
import { useCallbacks } from "./use-callbacks.ts";

const stateOf = ({ callbackState }: CallbackSummary) => callbackState;
const pathOf = ({ callbackState }: CallbackSummary) => `/callbacks/${callbackState}`;

const STATUSES = ["open", "busy", "closed", "expired"] as const satisfies CallbackStatus[];

export default function CallbacksPage() {
  const [search, setSearch] = useSearchParams();
  const status = STATUSES.find((one) => one === search.get("status"));
  const { query, loadMore } = useCallbacks(status);
  const may = useMay();
  const [, navigate] = useLocation();
  const create = may("callbacks.write") && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => navigate("/callbacks/~new")}>
      New callback
    </Button>
  );
  const hasFilter = status !== undefined || (query.data?.length ?? 0) > 0;
  const isEmpty = query.data?.length === 0 && status === undefined;
  return (
    <Page
      title="Callbacks"
      intro="URLs that another system calls to send status updates, or that bring a user back after an action elsewhere; the newest first."
      actions={
        <>
          {may("config.read") && (
            <Button onClick={() => navigate("/callbacks/configurations")}>Stored configurations</Button>
          )}
          {!isEmpty && create}
        </>
      }
    >
      <PermissionNote permission="callbacks.write" what="create or close callbacks" />
      {hasFilter && (
        <search className={styles.filter} aria-label="Filter the callbacks">
          <Select
            label="Status"
            value={status ?? ""}
            items={[{ value: "", label: "Any status" }, ...STATUSES.map((one) => ({ value: one, label: one }))]}
            onValueChange={(next) => setSearch(next ? { status: next } : {}, { replace: true })}
          />
        </search>
      )}
      <Loaded query={query} what="the callbacks">
        {(list) =>
          list.length === 0 && status !== undefined ? (
            <EmptyState
              icon={<ArrowUDownLeftIcon />}
              title="No callback matches"
              text={`No callback of this workspace is ${status} at the moment.`}
            />
          ) : list.length === 0 ? (
            <EmptyState
              icon={<ArrowUDownLeftIcon />}
              title="No callbacks yet"
              text="Create one to get a URL that you hand to another system or a user. Programs create theirs through the API: POST /callbacks."
              action={create}
            />
          ) : (
            <Frame>
              <DataTable
                label="Callbacks"
                rows={list}
                columns={COLUMNS}
                keyOf={stateOf}
                href={pathOf}
                onEnd={loadMore}
              />
            </Frame>
          )
        }
      </Loaded>
    </Page>
  );
}

const COLUMNS: readonly Column<CallbackSummary>[] = [
  {
    name: "State",
    width: "9.5rem",
    isMain: true,
    cell: ({ callbackState }) => <span className="mono">{callbackState.slice(0, 13)}</span>,
  },
  { name: "Status", width: "7.5rem", isState: true, cell: ({ status }) => <StatusBadge status={status} /> },
  { name: "When it is called", width: "22%", cell: ({ callbackActivity }) => activityText(callbackActivity) },
  {
    name: "URL",
    cell: ({ callbackUrl, callbackState }) => (
      <CutAddress url={callbackUrl} what={`the URL of ${callbackState.slice(0, 13)}`} />
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
