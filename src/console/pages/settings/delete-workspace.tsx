import { Button } from "@cloudflare/kumo/components/button";
import { TrashIcon } from "@phosphor-icons/react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useClient } from "../../data/api.tsx";
import { fieldProblem } from "../../data/create-named.ts";
import { useAction } from "../../data/use-action.ts";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../ui/form/form-dialog.tsx";
import { leaveFreely } from "../../ui/form/unsaved-guard.ts";
import { Section } from "../../ui/page/page.tsx";
import styles from "./delete-workspace.module.css";

/** Deletes the workspace once its name is typed. */
export function DeleteWorkspace({ name }: { readonly name: string }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useAction({
    run: async () => {
      if (typed !== name) throw fieldProblem("name", `Type ${name} to delete it.`);
      await client.workspaces.delete(name);
    },
    done: `Workspace ${name} deleted.`,
    refresh: [["workspaces"]],
    onDone: () => leaveFreely(() => navigate("~/console/")),
  });
  return (
    <Section title="Delete this workspace">
      <div className={styles.row}>
        <p>
          With all that is configured in it: triggers with their keys, flows, adapters, secrets, callback
          configurations, and the tokens that are for it alone.
        </p>
        <Button variant="secondary-destructive" icon={<TrashIcon />} onClick={() => setAsking(true)}>
          Delete workspace
        </Button>
      </div>
      {isAsking && (
        <FormDialog
          submit="Delete workspace"
          isDangerous
          title={`Delete the workspace ${name}?`}
          onClose={() => {
            setTyped("");
            remove.reset();
            setAsking(false);
          }}
          action={remove}
          onSubmit={() => remove.mutate()}
        >
          <p>
            Its URLs stop working at once, and nothing of it can be restored. Executions in progress are finished, but
            nobody can see them any more.
          </p>
          <TextField path="name" label={`Type ${name} to confirm`} isCode value={typed} onChange={setTyped} />
        </FormDialog>
      )}
    </Section>
  );
}
