/** The state of a lane. */

import type { Lane } from "../../../client/index.ts";
import type { ShownStatus } from "../../ui/data/status-badge.tsx";

/** Blocked and paused come before the status of the head; a lane without executions is idle. */
export const laneState = ({ blockedSince, paused, head }: Lane): ShownStatus =>
  blockedSince !== null ? "blocked" : paused ? "paused" : (head?.status ?? "idle");

/** Blocked lanes first, then paused ones, then the longest. */
export const inOrderOfConcern = (lanes: readonly Lane[]): Lane[] =>
  lanes.toSorted((a, b) => rankOf(a) - rankOf(b) || b.depth - a.depth);

const rankOf = ({ blockedSince, paused }: Lane) => (blockedSince !== null ? 0 : paused ? 1 : 2);

/** The name of a lane for people. */
export const laneName = ({ trigger, key }: Lane): string => (key === null ? trigger : `${trigger} / ${key}`);

/** When the lane entered its state, as far as is known. */
export const laneSince = ({ blockedSince, head }: Lane): string | undefined => blockedSince ?? head?.createdAt;
