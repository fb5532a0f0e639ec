import { Button } from "@cloudflare/kumo/components/button";
import { ArrowClockwiseIcon, type Icon, PauseIcon, PlayIcon, SkipForwardIcon } from "@phosphor-icons/react";
import type { Lane, LaneAction } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { useConfirmedAction } from "../../data/use-action.ts";
import { laneQuestion } from "./lane-questions.ts";
import { laneName } from "./lane-state.ts";

const ACTIONS: Record<LaneAction, { readonly label: string; readonly done: string; readonly icon: Icon }> = {
  retry: { label: "Retry", done: "The head is retried.", icon: ArrowClockwiseIcon },
  skip: { label: "Skip", done: "The head is skipped. The lane continues.", icon: SkipForwardIcon },
  pause: { label: "Pause", done: "The lane is paused.", icon: PauseIcon },
  resume: { label: "Resume", done: "The lane continues.", icon: PlayIcon },
};

/** The buttons for what can be done with a lane in its state. */
export function LaneActions({ lane }: { readonly lane: Lane }) {
  const workspace = useWorkspace();
  const { ask, isPending } = useConfirmedAction({
    question: (action: LaneAction) => laneQuestion(lane, action),
    run: (action) => workspace.lanes.act(lane.id, action),
    done: (_, action) => ACTIONS[action].done,
    refresh: [keyOf(workspace, "lanes"), keyOf(workspace, "executions")],
  });
  const actions: readonly LaneAction[] = [
    ...(lane.blockedSince === null ? [] : (["retry", "skip"] as const)),
    lane.paused ? "resume" : "pause",
  ];
  return (
    <span className="tools">
      {actions.map((action) => {
        const { label, icon: Shape } = ACTIONS[action];
        const shared = {
          size: "sm",
          icon: <Shape />,
          disabled: isPending,
          "aria-label": `${label}: ${laneName(lane)}`,
          onClick: () => ask(action),
        } as const;
        // Three labels do not fit: the least urgent action has only its icon.
        return actions.length > 1 && action === actions.at(-1) ? (
          <Button key={action} {...shared} shape="square" title={label} />
        ) : (
          <Button key={action} {...shared}>
            {label}
          </Button>
        );
      })}
    </span>
  );
}
