/** New keys: those that wait until their trigger is saved, and those that were just created. */
import { useState } from "react";
import { ApiProblem, type NewApiKey, type WorkspaceClient } from "../../../../client/index.ts";

/** A key that is created once its trigger is saved. */
export interface WaitingKey {
  readonly id: string;
  /** Empty while the trigger has no name yet. */
  readonly trigger: string;
  readonly label: string;
  /** Empty when the gateway generates it. */
  readonly key: string;
  /** Why the gateway rejected it. */
  readonly problem?: string;
}

/** A key that was just created: its value is never shown again. */
export interface MadeKey extends NewApiKey {
  readonly trigger: string;
  /** The person has copied it. */
  readonly isHidden: boolean;
}

export interface NewKeys {
  readonly waiting: readonly WaitingKey[];
  readonly made: readonly MadeKey[];
  readonly wait: (key: WaitingKey) => void;
  readonly forget: (id: string) => void;
  readonly note: (key: NewApiKey) => void;
  readonly hide: () => void;
  /** Creates the waiting keys of a new trigger. */
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
