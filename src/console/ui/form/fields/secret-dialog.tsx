import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { fieldProblem } from "../../../data/create-named.ts";
import { keyOf, secretsQuery } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { FormDialog } from "../form-dialog.tsx";
import { SwitchField, TextAreaField, TextField } from "./fields.tsx";

interface Props {
  /** Name of the secret whose value is replaced; null for a new one. */
  readonly replaced: string | null;
  readonly onClose: () => void;
  /** Gets the name of the stored secret. */
  readonly onSaved?: (name: string) => void;
  /** The form that the value of a new secret must have. */
  readonly valueHelp?: string | undefined;
}

/** Adds a secret, or replaces the value of one. */
export function SecretDialog({ replaced, onClose, onSaved, valueHelp }: Props) {
  const workspace = useWorkspace();
  const secrets = useQuery(secretsQuery(workspace));
  const [name, setName] = useState(replaced ?? "");
  const [value, setValue] = useState("");
  const [isShown, setIsShown] = useState(false);
  const isNew = replaced === null;
  const save = useAction({
    run: async () => {
      if (name === "") throw fieldProblem("name", "a name is required");
      // PUT would change the value of one that others use.
      const isTaken = isNew && secrets.data?.some((secret) => secret.name === name);
      if (isTaken) throw fieldProblem("name", "there is a secret of this name already");
      await workspace.secrets.put(name, value);
    },
    done: isNew ? `Secret ${name} added.` : `Secret ${name} has a new value.`,
    refresh: [keyOf(workspace, "secrets")],
    onDone: () => {
      onSaved?.(name);
      onClose();
    },
  });
  return (
    <FormDialog
      submit={isNew ? "Add secret" : "Replace value"}
      title={isNew ? "Add secret" : `Replace the value of ${replaced}`}
      onClose={onClose}
      action={save}
      onSubmit={() => save.mutate()}
    >
      {isNew && (
        <TextField
          path="name"
          label="Name"
          help="Flows and triggers use this name: a letter, then letters, digits, hyphens and underscores."
          isCode
          value={name}
          onChange={setName}
        />
      )}
      <TextAreaField
        path="value"
        label="Value"
        help={
          isNew
            ? (valueHelp ?? "It is stored encrypted and never shown again.")
            : "Flows and triggers use it within a minute, everywhere. The value it has now cannot be brought back."
        }
        rows={3}
        isCode
        isMasked={!isShown}
        value={value}
        onChange={setValue}
      />
      <SwitchField path="shown" label="Show what is typed" value={isShown} onChange={setIsShown} />
    </FormDialog>
  );
}
