import { Button } from "@cloudflare/kumo/components/button";
import { TrashIcon } from "@phosphor-icons/react";
import type { QueryKey } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useConfirmedAction } from "../../data/use-action.ts";
import { leaveFreely } from "../form/unsaved-guard.ts";

interface Props {
  /** The kind of thing, such as "flow". */
  readonly what: string;
  readonly name: string;
  /** The text of the confirmation: what is lost, and what stays. */
  readonly loss: string;
  readonly run: () => Promise<unknown>;
  /** Prefixes of the keys to load again. */
  readonly refresh: readonly QueryKey[];
  /** Path of the list. */
  readonly list: string;
}

/** Deletes the subject of a page after a confirmation, and returns to the list. */
export function DeleteButton({ what, name, loss, run, refresh, list }: Props) {
  const [, navigate] = useLocation();
  const { ask, isPending } = useConfirmedAction({
    question: () => ({ title: `Delete the ${what} ${name}?`, body: loss, action: `Delete ${what}`, isDangerous: true }),
    run,
    done: `${what.charAt(0).toUpperCase()}${what.slice(1)} ${name} deleted.`,
    refresh,
    onDone: () => leaveFreely(() => navigate(list)),
  });
  return (
    <Button variant="secondary-destructive" icon={<TrashIcon />} loading={isPending} onClick={() => ask()}>
      Delete
    </Button>
  );
}
