/** How a lane is doing. */
import type { Lane } from "../../../client/index.ts";

/** Blocked and paused win over what the head is doing; a lane without executions is idle. */
export const laneState = ({ blockedSince, paused, head }: Lane): string =>
  blockedSince !== null ? "blocked" : paused ? "paused" : (head?.status ?? "idle");

const RANK: Record<string, number> = { blocked: 0, paused: 1 };

/** The lanes that stand still first, then the longest. */
export const inOrderOfConcern = (lanes: readonly Lane[]): Lane[] =>
  lanes.toSorted((a, b) => rankOf(a) - rankOf(b) || b.depth - a.depth);

const rankOf = (lane: Lane) => RANK[laneState(lane)] ?? 2;

/** What people call a lane. */
export const laneName = ({ trigger, key }: Lane): string => (key === null ? trigger : `${trigger} / ${key}`);

/** Since when the lane has been in its state, as far as it is known. */
export const laneSince = ({ blockedSince, head }: Lane): string | undefined => blockedSince ?? head?.createdAt;
