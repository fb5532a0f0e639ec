import { Button } from "@cloudflare/kumo/components/button";
import { TrashIcon } from "@phosphor-icons/react";
import type { QueryKey } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useAction } from "../../data/use-action.ts";
import { leaveFreely } from "../form/unsaved-guard.ts";
import { useConfirm } from "./confirm.tsx";

interface Props {
  /** The kind of thing, such as "flow". */
  readonly what: string;
  readonly name: string;
  /** What is lost with it, and what stays. */
  readonly loss: string;
  readonly run: () => Promise<unknown>;
  /** Beginnings of the keys of what is to be loaded anew. */
  readonly refresh: readonly QueryKey[];
  /** Path of the list to go to when it is gone. */
  readonly list: string;
}

/** Deletes what a page is about, once it is confirmed, and goes to the list. */
export function DeleteButton({ what, name, loss, run, refresh, list }: Props) {
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const remove = useAction({
    run,
    done: `${what.charAt(0).toUpperCase()}${what.slice(1)} ${name} deleted.`,
    refresh,
    onDone: () => leaveFreely(() => navigate(list)),
  });
  async function ask() {
    const question = { title: `Delete the ${what} ${name}?`, body: loss, action: `Delete ${what}`, isDangerous: true };
    if (await confirm(question)) remove.mutate();
  }
  return (
    <Button variant="secondary-destructive" icon={<TrashIcon />} loading={remove.isPending} onClick={() => void ask()}>
      Delete
    </Button>
  );
}
