import { Button } from "@cloudflare/kumo/components/button";
import { ArrowClockwiseIcon, PauseIcon, PlayIcon, SkipForwardIcon } from "@phosphor-icons/react";
import type { Lane, LaneAction } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { useConfirm } from "../../ui/feedback/confirm.tsx";
import styles from "./lane-actions.module.css";
import { laneQuestion } from "./lane-questions.ts";
import { laneName } from "./lane-state.ts";

const WORDS: Record<LaneAction, { readonly label: string; readonly done: string }> = {
  retry: { label: "Retry", done: "The head is tried again." },
  skip: { label: "Skip", done: "The head is skipped. The lane goes on." },
  pause: { label: "Pause", done: "The lane is paused." },
  resume: { label: "Resume", done: "The lane goes on." },
};
const ICONS: Record<LaneAction, typeof PauseIcon> = {
  retry: ArrowClockwiseIcon,
  skip: SkipForwardIcon,
  pause: PauseIcon,
  resume: PlayIcon,
};

/** What can be done with a lane in its state. */
export function LaneActions({ lane }: { readonly lane: Lane }) {
  const workspace = useWorkspace();
  const confirm = useConfirm();
  const act = useAction({
    run: (action: LaneAction) => workspace.lanes.act(lane.id, action),
    done: (_, action) => WORDS[action].done,
    refresh: [keyOf(workspace, "lanes"), keyOf(workspace, "executions")],
  });
  async function ask(action: LaneAction) {
    if (await confirm(laneQuestion(lane, action))) act.mutate(action);
  }
  const actions: readonly LaneAction[] = [
    ...(lane.blockedSince === null ? [] : (["retry", "skip"] as const)),
    lane.paused ? "resume" : "pause",
  ];
  return (
    <span className={styles.actions}>
      {actions.map((action) => {
        const Shape = ICONS[action];
        const { label } = WORDS[action];
        const shared = {
          size: "sm",
          icon: <Shape />,
          disabled: act.isPending,
          "aria-label": `${label}: ${laneName(lane)}`,
          onClick: () => void ask(action),
        } as const;
        // Three words do not fit: the least urgent is told by its icon.
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
