import { Button } from "@cloudflare/kumo/components/button";
import { ArrowClockwiseIcon, CopySimpleIcon, ProhibitIcon } from "@phosphor-icons/react";
import { useLocation } from "wouter";
import type { ExecutionDetail } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { type Question, useConfirm } from "../../../ui/feedback/confirm.tsx";

const FINISHED = ["succeeded", "failed", "cancelled"];

const QUESTIONS = {
  retry: {
    title: "Retry this execution?",
    body: "It goes on at the step that failed, with the message as it is now. Steps that are done are not done again.",
    action: "Retry",
  },
  resubmit: {
    title: "Resubmit the message?",
    body: "The message as it came is taken in anew, as a new execution by today's trigger and flow. What was done already is done again.",
    action: "Resubmit",
  },
  cancel: {
    title: "Cancel this execution?",
    body: "It ends where it is and cannot be taken up again. A request that is under way may still reach the other side.",
    action: "Cancel the execution",
    keep: "Let it go on",
    isDangerous: true,
  },
} satisfies Record<string, Question>;

/** What can be done with an execution in its status. */
export function ExecutionActions({ execution: { id, status } }: { readonly execution: ExecutionDetail }) {
  const { executions, ...workspace } = useWorkspace();
  const may = useMay();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const refresh = [keyOf({ executions, ...workspace }, "executions")];
  const retry = useAction({ run: () => executions.retry(id), done: "The execution goes on.", refresh });
  const cancel = useAction({ run: () => executions.cancel(id), done: "The execution is cancelled.", refresh });
  const resubmit = useAction({
    run: () => executions.resubmit(id),
    done: "The message is taken in anew. This is its new execution.",
    refresh,
    onDone: ({ id: created }) => navigate(`/executions/${created}`),
  });
  const ask = async (question: Question, action: { mutate: () => void }) => {
    if (await confirm(question)) action.mutate();
  };

  if (!may("executions.write")) return null;
  return (
    <>
      {status === "failed" && (
        <Button
          variant="primary"
          icon={<ArrowClockwiseIcon />}
          loading={retry.isPending}
          onClick={() => ask(QUESTIONS.retry, retry)}
        >
          Retry
        </Button>
      )}
      <Button icon={<CopySimpleIcon />} loading={resubmit.isPending} onClick={() => ask(QUESTIONS.resubmit, resubmit)}>
        Resubmit
      </Button>
      {!FINISHED.includes(status) && (
        <Button
          variant="secondary-destructive"
          icon={<ProhibitIcon />}
          loading={cancel.isPending}
          onClick={() => ask(QUESTIONS.cancel, cancel)}
        >
          Cancel
        </Button>
      )}
    </>
  );
}
