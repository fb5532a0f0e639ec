import { ListChecksIcon } from "@phosphor-icons/react";
import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import type { ExecutionSummary } from "../../../client/index.ts";
import { DataTable } from "../../ui/data/data-table.tsx";
import { Loading, LoadProblem } from "../../ui/data/loaded.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Frame } from "../../ui/page/frame.tsx";
import { LiveSwitch } from "../../ui/page/live-switch.tsx";
import { Page } from "../../ui/page/page.tsx";
import { BulkMenu } from "./bulk-menu.tsx";
import { EXECUTION_COLUMNS } from "./columns.tsx";
import styles from "./executions-page.module.css";
import { readFilter, withFilter } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { NoExecutions } from "./no-executions.tsx";
import { useExecutions } from "./use-executions.ts";

const idOf = ({ id }: ExecutionSummary) => id;
const pathOf = ({ id }: ExecutionSummary) => `/executions/${id}`;

export default function ExecutionsPage() {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  const [isLive, setLive] = useState(true);
  const { rows, error, refetch, loadMore, hasMore, isLoadingMore } = useExecutions(filter, isLive);
  const isFiltered = Object.keys(filter).length > 0;

  return (
    <Page
      title="Executions"
      intro="Every message that was taken in, and what became of it; the newest first."
      actions={
        <>
          <LiveSwitch isLive={isLive} onChange={setLive} />
          <BulkMenu filter={filter} />
        </>
      }
    >
      <FilterBar
        filter={filter}
        onChange={(name, value) => setSearch((before) => withFilter(before, name, value), { replace: true })}
        onClear={() => setSearch({}, { replace: true })}
      />
      <Frame>
        {rows ? (
          rows.length > 0 ? (
            <DataTable
              label="Executions"
              rows={rows}
              columns={EXECUTION_COLUMNS}
              keyOf={idOf}
              href={pathOf}
              onEnd={loadMore}
            />
          ) : (
            <Nothing isFiltered={isFiltered} />
          )
        ) : error ? (
          <LoadProblem error={error} what="the executions" retry={() => void refetch()} />
        ) : (
          <Loading what="the executions" />
        )}
      </Frame>
      {rows && rows.length > 0 && (
        <p className={styles.end} role="status">
          {isLoadingMore
            ? "Loading more ..."
            : `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "execution" : "executions"}${hasMore ? " so far; scroll for more" : ""}`}
        </p>
      )}
    </Page>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return <EmptyState title="Nothing matches" text="Change the filter, or clear it to see all executions." />;
  return (
    <NoExecutions
      icon={<ListChecksIcon />}
      title="No executions yet"
      begin="An execution begins when a trigger takes a message in."
    />
  );
}
