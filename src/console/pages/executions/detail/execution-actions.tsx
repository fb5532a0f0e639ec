import { Button } from "@cloudflare/kumo/components/button";
import { ArrowClockwiseIcon, CopySimpleIcon, ProhibitIcon } from "@phosphor-icons/react";
import { useLocation } from "wouter";
import type { ExecutionDetail } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { keyOf } from "../../../data/queries.ts";
import { IS_FINISHED } from "../../../data/statuses.ts";
import { useConfirmedAction } from "../../../data/use-action.ts";

/** The buttons for what can be done with an execution in its status. */
export function ExecutionActions({ execution: { id, status } }: { readonly execution: ExecutionDetail }) {
  const workspace = useWorkspace();
  const may = useMay();
  const [, navigate] = useLocation();
  const refresh = [keyOf(workspace, "executions")];
  const retry = useConfirmedAction({
    question: () => ({
      title: "Retry this execution?",
      body: "It continues at the step that failed, with the message as it is now. Finished steps are not repeated.",
      action: "Retry",
    }),
    run: () => workspace.executions.retry(id),
    done: "The execution goes on.",
    refresh,
  });
  const resubmit = useConfirmedAction({
    question: () => ({
      title: "Resubmit the message?",
      body: "The original message becomes a new execution, with today's trigger and flow. Steps that were finished are done again.",
      action: "Resubmit",
    }),
    run: () => workspace.executions.resubmit(id),
    done: "The message is resubmitted. This is its new execution.",
    refresh,
    onDone: ({ id: created }) => navigate(`/executions/${created}`),
  });
  const cancel = useConfirmedAction({
    question: () => ({
      title: "Cancel this execution?",
      body: "It ends where it is and cannot be continued. A request that has been sent may still reach the other system.",
      action: "Cancel the execution",
      keep: "Let it go on",
      isDangerous: true,
    }),
    run: () => workspace.executions.cancel(id),
    done: "The execution is cancelled.",
    refresh,
  });

  if (!may("executions.write")) return null;
  return (
    <>
      {status === "failed" && (
        <Button variant="primary" icon={<ArrowClockwiseIcon />} loading={retry.isPending} onClick={() => retry.ask()}>
          Retry
        </Button>
      )}
      <Button icon={<CopySimpleIcon />} loading={resubmit.isPending} onClick={() => resubmit.ask()}>
        Resubmit
      </Button>
      {!IS_FINISHED[status] && (
        <Button
          variant="secondary-destructive"
          icon={<ProhibitIcon />}
          loading={cancel.isPending}
          onClick={() => cancel.ask()}
        >
          Cancel
        </Button>
      )}
    </>
  );
}
