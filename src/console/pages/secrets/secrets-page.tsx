import { Button } from "@cloudflare/kumo/components/button";
import { LockKeyIcon, PlusIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { SecretName } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { flowsQuery, keyOf, triggersQuery } from "../../data/queries.ts";
import { callbackConfigsQuery, secretsQuery } from "../../data/setup-queries.ts";
import { useAction } from "../../data/use-action.ts";
import { LoadedTable } from "../../ui/data/loaded-table.tsx";
import { useConfirm } from "../../ui/feedback/confirm.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page } from "../../ui/page/page.tsx";
import { secretColumns } from "./secret-columns.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { usersOf } from "./secret-users.ts";

const nameOf = ({ name }: SecretName) => name;

export default function SecretsPage() {
  const workspace = useWorkspace();
  const secrets = useQuery(secretsQuery(workspace));
  const { data: flows } = useQuery(flowsQuery(workspace));
  const { data: triggers } = useQuery(triggersQuery(workspace));
  const { data: configs } = useQuery(callbackConfigsQuery(workspace));
  const users = useMemo(() => flows && triggers && configs && { flows, triggers, configs }, [flows, triggers, configs]);
  const may = useMay();
  const canWrite = may("config.write");
  const confirm = useConfirm();
  const [dialog, setDialog] = useState<{ readonly replaced: string | null } | null>(null);
  const { mutate: remove } = useAction({
    run: (name: string) => workspace.secrets.delete(name),
    done: (_, name) => `Secret ${name} deleted.`,
    refresh: [keyOf(workspace, "secrets")],
  });
  const columns = useMemo(() => {
    async function ask({ name }: SecretName) {
      const count = users ? usersOf(name, users).length : 0;
      const used =
        count > 0 ? ` It is named in ${count} ${count === 1 ? "place" : "places"}, which will fail without it.` : "";
      const isMeant = await confirm({
        title: `Delete the secret ${name}?`,
        body: `Its value cannot be brought back.${used}`,
        action: "Delete secret",
        isDangerous: true,
      });
      if (isMeant) remove(name);
    }
    return secretColumns(
      users,
      canWrite && { replace: (name) => setDialog({ replaced: name }), remove: (one) => void ask(one) },
    );
  }, [users, canWrite, confirm, remove]);
  const add = canWrite && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => setDialog({ replaced: null })}>
      Add secret
    </Button>
  );
  return (
    <Page
      title="Secrets"
      intro="Passwords, keys and tokens that flows and triggers name. They are stored encrypted; their values are never shown to anybody."
      actions={secrets.data?.length !== 0 && add}
    >
      <PermissionNote permission="config.write" what="add, replace or delete secrets" />
      <LoadedTable
        query={secrets}
        what="the secrets"
        label="Secrets"
        columns={columns}
        keyOf={nameOf}
        empty={
          <EmptyState
            icon={<LockKeyIcon />}
            title="No secrets yet"
            text={
              <>
                Add what a flow needs to sign in somewhere. A header of a step then reads it as{" "}
                <code>{"{{ secrets.name }}"}</code>.
              </>
            }
            action={add}
          />
        }
      />
      {dialog && <SecretDialog replaced={dialog.replaced} onClose={() => setDialog(null)} />}
    </Page>
  );
}
