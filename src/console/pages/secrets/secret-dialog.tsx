import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWorkspace } from "../../data/api.tsx";
import { fieldProblem } from "../../data/create-named.ts";
import { keyOf, secretsQuery } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { TextAreaField, TextField } from "../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../ui/form/form-dialog.tsx";

interface Props {
  /** Name of the secret whose value is replaced; null for a new one. */
  readonly replaced: string | null;
  readonly onClose: () => void;
}

/** Adds a secret, or gives one another value. */
export function SecretDialog({ replaced, onClose }: Props) {
  const workspace = useWorkspace();
  const secrets = useQuery(secretsQuery(workspace));
  const [name, setName] = useState(replaced ?? "");
  const [value, setValue] = useState("");
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
    onDone: onClose,
  });
  return (
    <FormDialog
      submit={isNew ? "Add secret" : "Replace value"}
      title={isNew ? "Add secret" : `Replace the value of ${replaced}`}
      isOpen
      onClose={onClose}
      action={save}
      onSubmit={() => save.mutate()}
    >
      {isNew && (
        <TextField
          path="name"
          label="Name"
          help="Flows and triggers name it so: a letter, then letters, digits, hyphens and underscores."
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
            ? "It is stored encrypted, and nobody can read it again."
            : "Flows and triggers use it within a minute, everywhere. The value it has now cannot be brought back."
        }
        rows={3}
        isCode
        value={value}
        onChange={setValue}
      />
    </FormDialog>
  );
}
