import { Button } from "@cloudflare/kumo/components/button";
import { useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../../../client/index.ts";
import { useClient } from "../../data/api.tsx";
import { fieldProblem } from "../../data/create-named.ts";
import { useMay } from "../../data/permissions.ts";
import { useAction } from "../../data/use-action.ts";
import { signOut } from "../../session/session.ts";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { Form, FormButtons } from "../../ui/form/form.tsx";
import styles from "../../ui/page/card.module.css";
import { home } from "../home.ts";

/** Asks for the name of a workspace: without config.read there is no list to choose from. */
export function NameWorkspace() {
  const client = useClient();
  const may = useMay();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const look = useAction({
    run: async (wanted: string) => {
      if (wanted === "") throw fieldProblem("workspace", "Type the name of the workspace.");
      const { executions, callbacks } = client.workspace(wanted);
      try {
        await (may("executions.read") ? executions : callbacks).list({ limit: 1 });
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
        throw fieldProblem("workspace", `There is no workspace named ${wanted}.`);
      }
    },
    onDone: (_, wanted) => navigate(`/${wanted}${home(may)}`),
  });
  return (
    <div className={styles.card}>
      <h1>Which workspace?</h1>
      <Form problem={look.error} onSubmit={() => look.mutate(name.trim())}>
        <TextField
          path="workspace"
          label="Workspace"
          help="Listing the workspaces takes the permission config.read, which you do not have. Type the name of the one you want to look at."
          isCode
          value={name}
          onChange={setName}
        />
        <FormButtons>
          <Button onClick={() => signOut()}>Sign out</Button>
          <Button type="submit" variant="primary" loading={look.isPending}>
            Open
          </Button>
        </FormButtons>
      </Form>
    </div>
  );
}
