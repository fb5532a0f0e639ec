import { Button } from "@cloudflare/kumo/components/button";
import { ShuffleIcon } from "@phosphor-icons/react";
import { useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { fieldProblem } from "../../../data/create-named.ts";
import { keysQuery } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { FormDialog } from "../../../ui/form/form-dialog.tsx";
import styles from "./keys.module.css";
import { keyInput, type NewKeys, type WaitingKey } from "./use-new-keys.ts";

const RANDOM_BYTES = 32;

interface Props {
  /** Name of the trigger; empty for one that is not saved yet: its keys wait until it is. */
  readonly trigger: string;
  readonly newKeys: NewKeys;
  /** A key that was not taken, to be put right. */
  readonly again: WaitingKey | null;
  readonly onClose: () => void;
}

/** Adds a key: its label, and a value that is generated or pasted. It is mounted while it is open. */
export function KeyDialog({ trigger, newKeys, again, onClose }: Props) {
  const workspace = useWorkspace();
  const [label, setLabel] = useState(again?.label ?? "");
  const [key, setKey] = useState(again?.key ?? "");
  const add = useAction({
    run: async () => {
      if (trigger !== "") return workspace.keys.create(trigger, keyInput({ label, key }));
      if (label.trim() === "") throw fieldProblem("label", "a label is required");
      return null;
    },
    refresh: [keysQuery(workspace, trigger).queryKey],
    onDone: (made) => {
      if (again) newKeys.forget(again.id);
      if (made) newKeys.note(made);
      else newKeys.wait({ id: again?.id ?? rowId(), trigger, label: label.trim(), key: key || generateKey() });
      onClose();
    },
  });
  return (
    <FormDialog submit="Add" title="Add New Key" isOpen onClose={onClose} action={add} onSubmit={() => add.mutate()}>
      <TextField
        path="label"
        label="Label"
        help="Who uses the key: by it you tell the keys of this trigger apart."
        value={label}
        onChange={setLabel}
      />
      <div className={styles.value}>
        <TextField
          path="key"
          label="API key"
          help="Generate a new random key, or paste one of your own: a consumer of several triggers can use one key for all of them. Left empty, one is generated."
          isCode
          value={key}
          onChange={setKey}
        />
        <Button icon={<ShuffleIcon />} className={styles.generate ?? ""} onClick={() => setKey(generateKey())}>
          Generate
        </Button>
      </div>
    </FormDialog>
  );
}

/** A key in the form of those that the gateway generates. */
function generateKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const text = btoa(String.fromCharCode(...bytes));
  return `hbk_${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

interface RelabelProps {
  readonly trigger: string;
  readonly id: string;
  readonly label: string;
  readonly onClose: () => void;
}

/** Changes a key's label. It is mounted while it is open. */
export function RelabelDialog({ trigger, id, label: before, onClose }: RelabelProps) {
  const workspace = useWorkspace();
  const [label, setLabel] = useState(before);
  const change = useAction({
    run: () => workspace.keys.relabel(trigger, id, label),
    done: "Label changed.",
    refresh: [keysQuery(workspace, trigger).queryKey],
    onDone: onClose,
  });
  return (
    <FormDialog
      submit="Change label"
      title="Change the label"
      isOpen
      onClose={onClose}
      action={change}
      onSubmit={() => change.mutate()}
    >
      <TextField
        path="label"
        label="Label"
        help="The key itself stays as it is: its consumer notices nothing."
        value={label}
        onChange={setLabel}
      />
    </FormDialog>
  );
}
