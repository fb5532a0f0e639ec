import { QueueIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { Lane } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { lanesQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { LoadedTable } from "../../ui/data/loaded-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { Time } from "../../ui/text/time.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { LiveSwitch } from "../../ui/page/live-switch.tsx";
import { Page } from "../../ui/page/page.tsx";
import { LaneActions } from "./lane-actions.tsx";
import { inOrderOfConcern, laneSince, laneState } from "./lane-state.ts";
import styles from "./lanes-page.module.css";

const LIVE_MS = 2_000;

const idOf = ({ id }: Lane) => id;

export default function LanesPage() {
  const [isLive, setLive] = useState(true);
  const lanes = useQuery({ ...lanesQuery(useWorkspace()), refetchInterval: isLive && LIVE_MS });
  const may = useMay();
  const canAct = may("executions.write");
  const columns = useMemo(() => (canAct ? [...COLUMNS, ACTIONS] : COLUMNS), [canAct]);
  return (
    <Page
      title="Lanes"
      intro="The queues of ordered triggers: in each, one execution at a time, in the order in which the messages came. What stands still comes first."
      actions={<LiveSwitch isLive={isLive} onChange={setLive} />}
    >
      <PermissionNote permission="executions.write" what="retry, skip, pause or resume" />
      <LoadedTable
        query={lanes}
        what="the lanes"
        label="Lanes"
        columns={columns}
        keyOf={idOf}
        order={inOrderOfConcern}
        empty={
          <EmptyState
            icon={<QueueIcon />}
            title="No lanes at the moment"
            text="A lane is there while something waits or runs in it. Switch on Ordered Delivery for a trigger to get one, or one for each value of a key."
            action={
              <Link href="/triggers" className="link">
                Go to the triggers
              </Link>
            }
          />
        }
      />
    </Page>
  );
}

const COLUMNS: readonly Column<Lane>[] = [
  {
    name: "Trigger",
    isMain: true,
    cell: ({ trigger }) => (
      <Link href={`/triggers/${trigger}`} className="link" title={trigger}>
        {trigger}
      </Link>
    ),
  },
  { name: "State", isState: true, width: "7.5rem", cell: (lane) => <State lane={lane} /> },
  {
    name: "Key",
    cell: ({ key }) => (key === null ? <span className="subtle">none</span> : key || '""'),
  },
  { name: "In the lane", width: "6.25rem", align: "end", cell: ({ depth }) => depth.toLocaleString("en") },
  { name: "Head", width: "9rem", cell: ({ head }) => head && <Head head={head} /> },
  { name: "Since", width: "7rem", cell: since },
];

const ACTIONS: Column<Lane> = {
  name: "Actions",
  width: "12.5rem",
  align: "end",
  cell: (lane) => <LaneActions lane={lane} />,
};

/** A lane that has been paused may be blocked as well. */
function State({ lane }: { readonly lane: Lane }) {
  const state = laneState(lane);
  return (
    <span className={styles.states}>
      <StatusBadge status={state} />
      {lane.paused && state !== "paused" && <StatusBadge status="paused" />}
    </span>
  );
}

function Head({ head: { executionId } }: { readonly head: NonNullable<Lane["head"]> }) {
  return (
    <Link href={`/executions/${executionId}`} className="link mono">
      {executionId.slice(0, 13)}
    </Link>
  );
}

function since(lane: Lane) {
  const at = laneSince(lane);
  return at !== undefined && <Time at={at} />;
}
