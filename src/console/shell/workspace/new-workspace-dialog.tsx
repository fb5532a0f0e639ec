import { useState } from "react";
import { useLocation } from "wouter";
import { useClient } from "../../data/api.tsx";
import { createNamed } from "../../data/create-named.ts";
import { useAction } from "../../data/use-action.ts";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../ui/form/form-dialog.tsx";

/** Creates a workspace with the default settings and opens it. */
export function NewWorkspaceDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const create = useAction({
    run: (wanted: string) => createNamed(client.workspaces, { name: wanted, field: "name", what: "workspace" }, {}),
    done: ({ name: created }) => `Workspace ${created} created.`,
    refresh: [["workspaces"]],
    onDone: ({ name: created }) => {
      onClose();
      navigate(`~/console/${created}`);
    },
  });

  return (
    <FormDialog
      submit="Create"
      title="New workspace"
      onClose={onClose}
      action={create}
      onSubmit={() => create.mutate(name.trim())}
    >
      <TextField
        path="name"
        label="Name"
        help="It is part of the URL of every trigger: lower-case letters, digits and hyphens. It cannot be changed later."
        isCode
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}
