import { useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../../../client/index.ts";
import { useClient } from "../../data/api.tsx";
import { useAction } from "../../data/use-action.ts";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../ui/form/form-dialog.tsx";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Creates a workspace with the usual settings and goes there. */
export function NewWorkspaceDialog({ isOpen, onClose }: Props) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const create = useAction({
    run: async (wanted: string) => {
      if (wanted === "") throw fieldProblem("a name is required");
      // PUT would change the settings of one that exists.
      const isTaken = await client.workspaces.get(wanted).then(
        () => true,
        (error: unknown) => !(error instanceof ApiProblem && error.status === 404),
      );
      if (isTaken) throw fieldProblem("there is a workspace of this name already");
      return client.workspaces.put(wanted, {});
    },
    done: ({ name: created }) => `Workspace ${created} created.`,
    refresh: [["workspaces"]],
    onDone: ({ name: created }) => {
      onClose();
      setName("");
      navigate(`~/console/${created}`);
    },
  });

  return (
    <FormDialog
      submit="Create"
      title="New workspace"
      isOpen={isOpen}
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

const fieldProblem = (message: string) => new ApiProblem(422, "invalid-input", message, [{ field: "name", message }]);
