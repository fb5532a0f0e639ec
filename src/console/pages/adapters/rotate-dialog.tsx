import { useState } from "react";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { FormDialog } from "../../ui/form/form-dialog.tsx";
import { SharedSecretField } from "./shared-secret-field.tsx";

interface Props {
  readonly id: string;
  readonly onClose: () => void;
}

/** Gives an adapter a new shared secret. */
export function RotateDialog({ id, onClose }: Props) {
  const workspace = useWorkspace();
  const [secret, setSecret] = useState("");
  const rotate = useAction({
    run: () => workspace.adapters.rotateSecret(id, secret),
    done: "The secret is rotated. New requests are signed with it.",
    refresh: [keyOf(workspace, "adapters")],
    onDone: onClose,
  });
  return (
    <FormDialog
      submit="Rotate secret"
      title="Rotate the shared secret"
      onClose={onClose}
      action={rotate}
      onSubmit={() => rotate.mutate()}
    >
      <p>
        New requests are signed with the new secret at once, so the adapter has to know it before you rotate. Requests
        already sent keep the old one: their answers and callbacks are verified with the secret that they were sent
        with.
      </p>
      <SharedSecretField label="New shared secret" value={secret} onChange={setSecret} />
    </FormDialog>
  );
}
