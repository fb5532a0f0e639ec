import { Button } from "@cloudflare/kumo/components/button";
import { ShuffleIcon } from "@phosphor-icons/react";
import { useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { fieldProblem } from "../../../data/create-named.ts";
import { keysQuery } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { makeSecret } from "../../../ui/form/fields/make-secret.ts";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { FormDialog } from "../../../ui/form/form-dialog.tsx";
import { Beside } from "../../../ui/form/layout.tsx";
import { keyInput, type NewKeys, type WaitingKey } from "./use-new-keys.ts";

interface Props {
  /** Name of the trigger; empty until it is saved: its keys wait until then. */
  readonly trigger: string;
  readonly newKeys: NewKeys;
  /** A key that was rejected, to be corrected. */
  readonly again: WaitingKey | null;
  readonly onClose: () => void;
}

/** Adds a key: its label, and a value that is generated or pasted. */
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
    <FormDialog submit="Add" title="Add New Key" onClose={onClose} action={add} onSubmit={() => add.mutate()}>
      <TextField
        path="label"
        label="Label"
        help={<FieldHelp of="apiKey" path="label" />}
        value={label}
        onChange={setLabel}
      />
      <Beside
        tools={
          <Button icon={<ShuffleIcon />} onClick={() => setKey(generateKey())}>
            Generate
          </Button>
        }
      >
        <TextField
          path="key"
          label="API key"
          help="Generate a new random key, or paste one of your own: a consumer of several triggers can use one key for all of them. Left empty, one is generated."
          isCode
          value={key}
          onChange={setKey}
        />
      </Beside>
    </FormDialog>
  );
}

/** A key in the format of those that the gateway generates. */
const generateKey = () => `hbk_${makeSecret().replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;

interface RelabelProps {
  readonly trigger: string;
  readonly id: string;
  readonly label: string;
  readonly onClose: () => void;
}

/** Changes a key's label. */
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
