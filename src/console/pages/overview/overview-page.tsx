import { Tabs } from "@cloudflare/kumo/components/tabs";
import { ChartBarIcon } from "@phosphor-icons/react";
import { lazy, Suspense, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { ExecutionSummary } from "../../../client/index.ts";
import { DataTable } from "../../ui/data/data-table.tsx";
import { Loaded, Loading } from "../../ui/data/loaded.tsx";
import { Page, Section } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { exactTime, useNow } from "../../ui/text/time.tsx";
import { FAILURE_COLUMNS } from "../executions/columns.tsx";
import { NoExecutions } from "../executions/no-executions.tsx";
import { Figures } from "./figures.tsx";
import { summarise } from "./summary.ts";
import { TroubledLanes, troubledLanes } from "./troubled-lanes.tsx";
import { MOST_EXECUTIONS, useOverview } from "./use-overview.ts";
import { isWindow, WINDOWS, type WindowName } from "./windows.ts";

const Charts = lazy(() => import("./charts.tsx"));
const FAILURES = 5;

export default function OverviewPage() {
  const [search, setSearch] = useSearchParams();
  const asked = search.get("window");
  const window: WindowName = isWindow(asked) ? asked : "24h";
  const { executions, waiting, callbacks, lanes } = useOverview(window);
  const troubled = troubledLanes(lanes.data ?? [], useNow());

  return (
    <Page
      title="Overview"
      actions={
        <Tabs
          value={window}
          onValueChange={(next) => setSearch({ window: next }, { replace: true })}
          tabs={Object.entries(WINDOWS).map(([value, { label }]) => ({ value, label }))}
        />
      }
    >
      <Loaded query={executions} what="the executions">
        {(loaded) =>
          loaded.items.length === 0 ? (
            <NothingYet window={window} />
          ) : (
            <>
              <Content {...loaded} window={window} {...{ waiting, callbacks, lanes }} troubled={troubled.length} />
              {troubled.length > 0 && <TroubledLanes lanes={troubled} />}
              <Failures executions={loaded.items} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

interface ContentProps extends Omit<ReturnType<typeof useOverview>, "executions"> {
  readonly from: number;
  readonly to: number;
  readonly items: readonly ExecutionSummary[];
  readonly window: WindowName;
  readonly troubled: number;
}

function Content({ from, to, items, window, ...others }: ContentProps) {
  const span = WINDOWS[window];
  const isCut = items.length >= MOST_EXECUTIONS;
  const oldest = items.at(-1)?.createdAt;
  // Where the window holds more than was loaded, a chart of all of it would show a beginning without executions.
  const start = isCut && oldest !== undefined ? Date.parse(oldest) : from;
  const summary = useMemo(() => summarise(items, fitting(span, to - start), start, to), [items, span, start, to]);
  return (
    <>
      <Figures summary={summary} isCut={isCut} {...others} from={new Date(start).toISOString()} />
      {isCut && (
        <p className="subtle">
          These are the newest {MOST_EXECUTIONS.toLocaleString("en")} executions, since {exactTime(start)}. There are
          more in the last {span.label}.
        </p>
      )}
      <Suspense fallback={<Loading what="the charts" />}>
        <Charts summary={summary} bucketMs={fitting(span, to - start).bucketMs} />
      </Suspense>
    </>
  );
}

/** The next smaller window's bars, where what was loaded spans less than the window. */
function fitting(span: (typeof WINDOWS)[WindowName], ms: number): (typeof WINDOWS)[WindowName] {
  return Object.values(WINDOWS).find((smaller) => smaller.ms >= ms) ?? span;
}

function Failures({ executions }: { readonly executions: readonly ExecutionSummary[] }) {
  const failed = executions.filter(({ status }) => status === "failed").slice(0, FAILURES);
  if (failed.length === 0) return null;
  return (
    <Section
      title="Latest failures"
      isFlush
      actions={<TextLink href="/executions?status=failed">All failed executions</TextLink>}
    >
      <DataTable
        label="Latest failures"
        rows={failed}
        columns={FAILURE_COLUMNS}
        keyOf={({ id }) => id}
        href={({ id }) => `/executions/${id}`}
      />
    </Section>
  );
}

function NothingYet({ window }: { readonly window: WindowName }) {
  return (
    <NoExecutions
      icon={<ChartBarIcon />}
      title={`No executions in the last ${WINDOWS[window].label}`}
      begin="Figures appear when a trigger accepts messages."
      otherwise={window === "30d" ? "" : ", or look at a longer time"}
    />
  );
}
