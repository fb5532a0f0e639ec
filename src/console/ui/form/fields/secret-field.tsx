import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { secretsQuery } from "../../../data/queries.ts";
import { ChooseOrCreate } from "./choose-or-create.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

interface Props {
  readonly path: string;
  readonly label: string;
  readonly help?: ReactNode;
  /** Name of the secret; empty for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  /** The label of the option for none. */
  readonly none?: string;
  /** The form that the value of a new secret must have. */
  readonly valueHelp?: string;
}

/** Chooses a secret of the workspace by its name, or adds one. */
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
      create="Add secret"
      onCreate={() => setCreating(true)}
    >
      {isCreating && (
        <SecretDialog replaced={null} onClose={() => setCreating(false)} onSaved={onChange} valueHelp={valueHelp} />
      )}
    </ChooseOrCreate>
  );
}
