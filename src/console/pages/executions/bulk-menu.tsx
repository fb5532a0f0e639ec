import { Button } from "@cloudflare/kumo/components/button";
import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { ArrowClockwiseIcon, CaretDownIcon, CopySimpleIcon, ProhibitIcon } from "@phosphor-icons/react";
import type { BulkAction, ExecutionFilter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { useConfirm } from "../../ui/feedback/confirm.tsx";
import { notify } from "../../ui/feedback/toast.ts";
import { describeFilter } from "./filter.ts";

const ACTIONS: Record<BulkAction, { label: string; icon: typeof ProhibitIcon; fits: string; effect: string }> = {
  retry: {
    label: "Retry all failed",
    icon: ArrowClockwiseIcon,
    fits: "failed",
    effect: "Each continues at the step that failed.",
  },
  resubmit: {
    label: "Resubmit all",
    icon: CopySimpleIcon,
    fits: "",
    effect: "Each original message becomes a new execution: steps that were finished are done again.",
  },
  cancel: {
    label: "Cancel all unfinished",
    icon: ProhibitIcon,
    fits: "unfinished",
    effect: "They end where they are, and cannot be continued.",
  },
};

/** Bulk actions on everything that the filter matches, after a confirmation with the number. */
export function BulkMenu({ filter }: { readonly filter: ExecutionFilter }) {
  const workspace = useWorkspace();
  const may = useMay();
  const confirm = useConfirm();
  const act = useAction({
    run: async (action: BulkAction) => {
      const { fits, effect, label } = ACTIONS[action];
      const { matched } = await workspace.executions.bulk(action, filter, true);
      const what = `${fits} ${describeFilter(filter)}`.trim();
      if (matched === 0) return notify("Nothing to do", `There are no ${what}.`);
      const isSure = await confirm({
        title: `${label}: ${matched.toLocaleString("en")} ${matched === 1 ? "execution" : "executions"}`,
        body: `This is about ${what}. ${effect}`,
        action: label,
        keep: "Do nothing",
        isDangerous: action === "cancel",
      });
      if (!isSure) return;
      const { done, matched: found } = await workspace.executions.bulk(action, filter, false);
      const rest =
        found > done ? `${(found - done).toLocaleString("en")} are left; do it again for the next ones.` : "";
      notify(`${label}: ${done.toLocaleString("en")} done.`, rest);
    },
    refresh: [keyOf(workspace, "executions")],
  });

  if (!may("executions.write")) return null;
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger
        render={
          <Button loading={act.isPending}>
            All that match
            <CaretDownIcon aria-hidden="true" />
          </Button>
        }
      />
      <DropdownMenu.Content>
        {Object.entries(ACTIONS).map(([action, { label, icon }]) => (
          <DropdownMenu.Item
            key={action}
            icon={icon}
            variant={action === "cancel" ? "danger" : "default"}
            onClick={() => act.mutate(action as BulkAction)}
          >
            {label}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
