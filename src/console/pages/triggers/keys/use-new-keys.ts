/** Keys between being thought of and being out of sight: those that wait for their trigger, and those just made. */
import { useState } from "react";
import { ApiProblem, type NewApiKey, type WorkspaceClient } from "../../../../client/index.ts";

/** A key that is added as soon as its trigger is there. */
export interface WaitingKey {
  readonly id: string;
  /** Empty while the trigger has no name yet. */
  readonly trigger: string;
  readonly label: string;
  /** Empty for one that the gateway is to generate. */
  readonly key: string;
  /** Why the gateway did not take it. */
  readonly problem?: string;
}

/** A key just made, which is nowhere to be seen later on. */
export interface MadeKey extends NewApiKey {
  readonly trigger: string;
  /** The person has copied it, and does not want to see it any longer. */
  readonly isHidden: boolean;
}

export interface NewKeys {
  readonly waiting: readonly WaitingKey[];
  readonly made: readonly MadeKey[];
  readonly wait: (key: WaitingKey) => void;
  readonly forget: (id: string) => void;
  readonly note: (key: NewApiKey) => void;
  readonly hide: () => void;
  /** Adds to a new trigger what has been waiting for it. */
  readonly send: (workspace: WorkspaceClient, created: string) => Promise<void>;
}

/** @param trigger name of the trigger of the page; empty for one that is not saved yet. */
export function useNewKeys(trigger: string): NewKeys {
  const [waiting, setWaiting] = useState<readonly WaitingKey[]>([]);
  const [made, setMade] = useState<readonly MadeKey[]>([]);

  async function send(workspace: WorkspaceClient, created: string): Promise<void> {
    const refused: WaitingKey[] = [];
    for (const one of waiting.filter((key) => key.trigger === trigger)) {
      try {
        const key = await workspace.keys.create(created, keyInput(one));
        setMade((before) => [...before, { ...key, trigger: created, isHidden: false }]);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        refused.push({ ...one, trigger: created, problem: error.detail });
      }
    }
    setWaiting(refused);
  }

  return {
    waiting: waiting.filter((key) => key.trigger === trigger),
    made: made.filter((key) => key.trigger === trigger),
    wait: (key) => setWaiting((before) => [...before.filter(({ id }) => id !== key.id), key]),
    forget: (id) => setWaiting((before) => before.filter((key) => key.id !== id)),
    note: (key) => setMade((before) => [...before, { ...key, trigger, isHidden: false }]),
    hide: () => setMade((before) => before.map((key) => (key.trigger === trigger ? { ...key, isHidden: true } : key))),
    send,
  };
}

export const keyInput = ({ label, key }: { readonly label: string; readonly key: string }) => ({
  label,
  ...(key !== "" && { key }),
});
