import { ListChecksIcon } from "@phosphor-icons/react";
import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import type { ExecutionSummary } from "../../../client/index.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { LiveSwitch } from "../../ui/page/live-switch.tsx";
import { BulkMenu } from "./bulk-menu.tsx";
import { EXECUTION_COLUMNS } from "./columns.tsx";
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
  const { query, loadMore, hasMore, isLoadingMore } = useExecutions(filter, isLive);
  const count = query.data?.length ?? 0;
  return (
    <ListPage
      title="Executions"
      intro="Every message that was accepted, and its outcome; the newest first."
      query={query}
      columns={EXECUTION_COLUMNS}
      keyOf={idOf}
      href={pathOf}
      onEnd={loadMore}
      actions={
        <>
          <LiveSwitch isLive={isLive} onChange={setLive} />
          <BulkMenu filter={filter} />
        </>
      }
      empty={
        Object.keys(filter).length > 0 ? (
          <EmptyState title="Nothing matches" text="Change the filter, or clear it to see all executions." />
        ) : (
          <NoExecutions
            icon={<ListChecksIcon />}
            title="No executions yet"
            begin="An execution begins when a trigger accepts a message."
          />
        )
      }
      foot={
        count > 0 &&
        (isLoadingMore
          ? "Loading more ..."
          : `${count.toLocaleString("en")} ${count === 1 ? "execution" : "executions"}${hasMore ? " so far; scroll for more" : ""}`)
      }
    >
      <FilterBar
        filter={filter}
        onChange={(name, value) => setSearch((before) => withFilter(before, name, value), { replace: true })}
        onClear={() => setSearch({}, { replace: true })}
      />
    </ListPage>
  );
}
