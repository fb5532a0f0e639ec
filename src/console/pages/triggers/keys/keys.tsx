import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { PencilSimpleIcon, PlusIcon, TrashIcon, WarningIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiKey } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { keysQuery } from "../../../data/queries.ts";
import { useConfirmedAction } from "../../../data/use-action.ts";
import { type Column, DataTable } from "../../../ui/data/data-table.tsx";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { Time } from "../../../ui/text/time.tsx";
import { KeyDialog, RelabelDialog } from "./key-dialog.tsx";
import styles from "./keys.module.css";
import { MadeKeys } from "./made-keys.tsx";
import type { NewKeys, WaitingKey } from "./use-new-keys.ts";

interface Props {
  /** Name of the trigger; empty until it is saved. */
  readonly trigger: string;
  readonly newKeys: NewKeys;
}

/** The keys of a trigger, one for each consumer. */
export function Keys({ trigger, newKeys }: Props) {
  const [dialog, setDialog] = useState<{ readonly again: WaitingKey | null } | null>(null);
  return (
    <section className={styles.keys} aria-label="API keys">
      <div className={styles.head}>
        <h3 className={styles.title}>API keys</h3>
        <Button icon={<PlusIcon />} onClick={() => setDialog({ again: null })}>
          Add New Key
        </Button>
      </div>
      <MadeKeys newKeys={newKeys} />
      <WaitingKeys newKeys={newKeys} onChange={(again) => setDialog({ again })} />
      {trigger !== "" ? (
        <SavedKeys trigger={trigger} />
      ) : (
        newKeys.waiting.length === 0 && (
          <p className="subtle">No keys yet. Add one for each consumer; they send it in the header x-api-key.</p>
        )
      )}
      {dialog && <KeyDialog {...{ trigger, newKeys }} again={dialog.again} onClose={() => setDialog(null)} />}
    </section>
  );
}

interface WaitingProps {
  readonly newKeys: NewKeys;
  readonly onChange: (key: WaitingKey) => void;
}

function WaitingKeys({ newKeys: { waiting, forget }, onChange }: WaitingProps) {
  if (waiting.length === 0) return null;
  return (
    <ul className={styles.waiting} aria-label="Keys that are not saved yet">
      {waiting.map((key) => (
        <li key={key.id}>
          <span className={styles.waitingText}>
            <span>{key.label}</span>
            {key.problem === undefined ? (
              <span className="subtle">Will be added when you save.</span>
            ) : (
              <span className="bad" role="alert">
                Not added: {key.problem}
              </span>
            )}
          </span>
          <Button size="sm" onClick={() => onChange(key)} aria-label={`Change the key ${key.label}`}>
            Change
          </Button>
          <Button size="sm" variant="ghost" onClick={() => forget(key.id)} aria-label={`Remove the key ${key.label}`}>
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}

function SavedKeys({ trigger }: { readonly trigger: string }) {
  const workspace = useWorkspace();
  const keys = useQuery(keysQuery(workspace, trigger));
  const [relabelled, setRelabelled] = useState<ApiKey | null>(null);
  const { ask: remove } = useConfirmedAction({
    question: ({ label }: ApiKey) => ({
      title: `Delete the key "${label}"?`,
      body: "Whoever uses it is refused from now on. A key cannot be brought back.",
      action: "Delete key",
      isDangerous: true,
    }),
    run: ({ id }) => workspace.keys.delete(trigger, id),
    done: "Key deleted.",
    refresh: [keysQuery(workspace, trigger).queryKey],
  });
  return (
    <Loaded query={keys} what="the keys">
      {(list) => (
        <>
          {list.length === 0 && (
            <Banner
              variant="alert"
              icon={<WarningIcon weight="fill" />}
              title="There is no key yet"
              description="With the authentication ApiKeys every call is refused until you add one."
            />
          )}
          {list.length > 0 && (
            <div className={styles.frame}>
              <DataTable
                label="API keys"
                rows={list}
                columns={keyColumns(setRelabelled, remove)}
                keyOf={({ id }) => id}
              />
            </div>
          )}
          {relabelled && (
            <RelabelDialog
              key={relabelled.id}
              trigger={trigger}
              id={relabelled.id}
              label={relabelled.label}
              onClose={() => setRelabelled(null)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function keyColumns(relabel: (key: ApiKey) => void, remove: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  return [
    { name: "Label", isMain: true, cell: ({ label }) => label },
    { name: "Begins with", width: "9rem", cell: ({ prefix }) => <span className="mono">{prefix}…</span> },
    {
      name: "Last used",
      width: "9rem",
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="subtle">not yet</span>),
    },
    { name: "Added", width: "9rem", isExtra: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      name: "Actions",
      width: "7rem",
      align: "end",
      isState: true,
      cell: (key) => (
        <span className="tools">
          <Button
            size="sm"
            variant="ghost"
            shape="square"
            icon={<PencilSimpleIcon />}
            aria-label={`Change the label of the key ${key.label}`}
            onClick={() => relabel(key)}
          />
          <Button
            size="sm"
            variant="ghost"
            shape="square"
            icon={<TrashIcon />}
            aria-label={`Delete the key ${key.label}`}
            onClick={() => remove(key)}
          />
        </span>
      ),
    },
  ];
}
