/** The confirmations before actions on a lane, with their consequences. */
import type { Lane, LaneAction } from "../../../client/index.ts";
import type { Question } from "../../ui/feedback/confirm.tsx";
import { laneName } from "./lane-state.ts";

export function laneQuestion(lane: Lane, action: LaneAction): Question {
  const name = laneName(lane);
  const isBlocked = lane.blockedSince !== null;
  const behind = behindText(Math.max(0, lane.depth - 1));
  switch (action) {
    case "retry":
      return {
        title: `Retry the head of ${name}?`,
        body: "The failed execution goes on at the step that failed. The ones behind it keep waiting until it has ended well.",
        action: "Retry the head",
      };
    case "skip":
      return {
        title: `Skip the head of ${name}?`,
        body: `The lane goes on without the failed execution. ${behind} They may depend on the one that is skipped: it stays failed, and what it should have done is missing.`,
        action: "Skip the head",
        keep: "Leave it blocked",
        isDangerous: true,
      };
    case "pause":
      return {
        title: `Pause ${name}?`,
        body: "The running execution is finished, and none after it begins until you resume. New messages are still accepted, and wait.",
        action: "Pause the lane",
      };
    case "resume":
      return isBlocked
        ? {
            title: `Resume ${name} without its head?`,
            body: `The lane is paused, and its head has failed. Resuming goes on without it: it stays failed. ${behind} To keep the order, retry the head first.`,
            action: "Resume without the head",
            keep: "Leave it paused",
            isDangerous: true,
          }
        : {
            title: `Resume ${name}?`,
            body: "Executions begin again, one after the other, in the order in which their messages came.",
            action: "Resume the lane",
          };
  }
}

function behindText(count: number): string {
  if (count === 0) return "Nothing waits behind it; the next message begins when it comes.";
  if (count === 1) return "The execution behind it begins.";
  return `The ${count.toLocaleString("en")} executions behind it begin, one after the other.`;
}
