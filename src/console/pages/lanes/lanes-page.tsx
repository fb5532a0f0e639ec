import { QueueIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Lane } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { lanesQuery } from "../../data/queries.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { LiveSwitch } from "../../ui/page/live-switch.tsx";
import { ExecutionLink, TextLink } from "../../ui/text/text-link.tsx";
import { Time } from "../../ui/text/time.tsx";
import { LaneActions } from "./lane-actions.tsx";
import { inOrderOfConcern, laneSince, laneState } from "./lane-state.ts";
import styles from "./lanes-page.module.css";

const LIVE_MS = 2_000;

const idOf = ({ id }: Lane) => id;

export default function LanesPage() {
  const [isLive, setLive] = useState(true);
  const lanes = useQuery({ ...lanesQuery(useWorkspace()), refetchInterval: isLive && LIVE_MS });
  return (
    <ListPage
      title="Lanes"
      intro="The queues of ordered triggers: in each, one execution at a time, in the order in which the messages came. Blocked and paused lanes come first."
      query={lanes}
      columns={useMay()("executions.write") ? COLUMNS_WITH_ACTIONS : COLUMNS}
      keyOf={idOf}
      order={inOrderOfConcern}
      actions={<LiveSwitch isLive={isLive} onChange={setLive} />}
      note={{ permission: "executions.write", what: "retry, skip, pause or resume" }}
      empty={
        <EmptyState
          icon={<QueueIcon />}
          title="No lanes at the moment"
          text="A lane exists while something waits or runs in it. Switch on Ordered Delivery for a trigger to get one, or one for each value of a key."
          action={<TextLink href="/triggers">Go to the triggers</TextLink>}
        />
      }
    />
  );
}

const COLUMNS: readonly Column<Lane>[] = [
  {
    name: "Trigger",
    isMain: true,
    cell: ({ trigger }) => <TextLink href={`/triggers/${trigger}`}>{trigger}</TextLink>,
  },
  { name: "State", isState: true, width: "7.5rem", cell: (lane) => <State lane={lane} /> },
  {
    name: "Key",
    cell: ({ key }) => (key === null ? <span className="subtle">none</span> : key || '""'),
  },
  { name: "In the lane", width: "6.25rem", align: "end", cell: ({ depth }) => depth.toLocaleString("en") },
  { name: "Head", width: "9rem", cell: ({ head }) => head && <ExecutionLink id={head.executionId} /> },
  { name: "Since", width: "7rem", cell: since },
];

const COLUMNS_WITH_ACTIONS: readonly Column<Lane>[] = [
  ...COLUMNS,
  { name: "Actions", width: "12.5rem", align: "end", cell: (lane) => <LaneActions lane={lane} /> },
];

/** A paused lane may be blocked as well. */
function State({ lane }: { readonly lane: Lane }) {
  const state = laneState(lane);
  return (
    <span className={styles.states}>
      <StatusBadge status={state} />
      {lane.paused && state !== "paused" && <StatusBadge status="paused" />}
    </span>
  );
}

function since(lane: Lane) {
  const at = laneSince(lane);
  return at !== undefined && <Time at={at} />;
}
