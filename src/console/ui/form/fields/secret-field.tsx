import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { fieldProblem } from "../../../data/create-named.ts";
import { keyOf, secretsQuery } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { FormDialog } from "../form-dialog.tsx";
import { ChooseOrCreate } from "./choose-or-create.tsx";
import { TextField } from "./fields.tsx";

interface Props {
  readonly path: string;
  readonly label: string;
  readonly help?: ReactNode;
  /** Name of the secret; empty for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  /** What is chosen when it is none. */
  readonly none?: string;
  /** What the value of a secret has to look like, in the dialog that creates one. */
  readonly valueHelp?: string;
}

/** Chooses a secret of the workspace by its name, or creates one in place. */
export function SecretField({ none = "Choose a secret", value, onChange, valueHelp, ...field }: Props) {
  const workspace = useWorkspace();
  const secrets = useQuery(secretsQuery(workspace));
  const [isCreating, setCreating] = useState(false);
  return (
    <ChooseOrCreate
      {...field}
      choices={secrets.data}
      none={none}
      value={value}
      onChange={onChange}
      create="Create secret"
      onCreate={() => setCreating(true)}
    >
      <CreateSecretDialog
        isOpen={isCreating}
        onClose={() => setCreating(false)}
        onCreated={onChange}
        valueHelp={valueHelp}
      />
    </ChooseOrCreate>
  );
}

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
  readonly valueHelp: string | undefined;
}

function CreateSecretDialog({ isOpen, onClose, onCreated, valueHelp }: DialogProps) {
  const workspace = useWorkspace();
  const secrets = useQuery(secretsQuery(workspace));
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const create = useAction({
    run: async () => {
      if (name === "") throw fieldProblem("name", "a name is required");
      // PUT would change the value of one that others use.
      const isTaken = secrets.data?.some((secret) => secret.name === name);
      if (isTaken) throw fieldProblem("name", "there is a secret of this name already");
      await workspace.secrets.put(name, value);
    },
    done: `Secret ${name} created.`,
    refresh: [keyOf(workspace, "secrets")],
    onDone: () => {
      onCreated(name);
      close();
    },
  });
  function close() {
    setName("");
    setValue("");
    create.reset();
    onClose();
  }
  return (
    <FormDialog
      submit="Create secret"
      title="Create secret"
      isOpen={isOpen}
      onClose={close}
      action={create}
      onSubmit={() => create.mutate()}
    >
      <TextField
        path="name"
        label="Name"
        help="Flows and triggers name it so: a letter, then letters, digits, hyphens and underscores."
        isCode
        value={name}
        onChange={setName}
      />
      <TextField
        path="value"
        label="Value"
        help={valueHelp ?? "It is stored encrypted, and nobody can read it again."}
        type="password"
        value={value}
        onChange={setValue}
      />
    </FormDialog>
  );
}
