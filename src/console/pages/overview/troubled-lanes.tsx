import type { Lane } from "../../../client/index.ts";
import { type Column, DataTable } from "../../ui/data/data-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { Section } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { Time } from "../../ui/text/time.tsx";
import { laneName, laneSince, laneState } from "../lanes/lane-state.ts";

/** A lane whose head is older than this needs attention. */
const OLD_MS = 60 * 60 * 1000;

/** The lanes that need attention: blocked, paused, or with an old head. */
export function troubledLanes(lanes: readonly Lane[], now: number): Lane[] {
  const isOld = ({ head }: Lane) => head !== null && now - Date.parse(head.createdAt) > OLD_MS;
  return lanes.filter((lane) => lane.blockedSince !== null || lane.paused || isOld(lane));
}

const COLUMNS: readonly Column<Lane>[] = [
  { name: "Lane", isMain: true, cell: laneName },
  { name: "State", isState: true, width: "8.5rem", cell: (lane) => <StatusBadge status={laneState(lane)} /> },
  { name: "In the lane", width: "7rem", align: "end", cell: ({ depth }) => depth.toLocaleString("en") },
  { name: "Since", width: "8.5rem", cell: sinceOf },
];

function sinceOf(lane: Lane) {
  const at = laneSince(lane);
  return at === undefined ? "–" : <Time at={at} />;
}

export function TroubledLanes({ lanes }: { readonly lanes: readonly Lane[] }) {
  return (
    <Section title="Lanes that stand still" isFlush actions={<TextLink href="/lanes">All lanes</TextLink>}>
      <DataTable label="Lanes that stand still" rows={lanes} columns={COLUMNS} keyOf={({ id }) => id} href={headOf} />
    </Section>
  );
}

const headOf = ({ head }: Lane) => (head === null ? "/lanes" : `/executions/${head.executionId}`);
