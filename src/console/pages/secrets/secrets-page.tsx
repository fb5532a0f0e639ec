import { LockKeyIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SecretName } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { callbackConfigsQuery, flowsQuery, keyOf, secretsQuery, triggersQuery } from "../../data/queries.ts";
import { useConfirmedAction } from "../../data/use-action.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { SecretDialog } from "../../ui/form/fields/secret-dialog.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { secretColumns } from "./secret-columns.tsx";
import { usersOf } from "./secret-users.ts";

const nameOf = ({ name }: SecretName) => name;

export default function SecretsPage() {
  const workspace = useWorkspace();
  const { data: flows } = useQuery(flowsQuery(workspace));
  const { data: triggers } = useQuery(triggersQuery(workspace));
  const { data: configs } = useQuery(callbackConfigsQuery(workspace));
  const users = flows && triggers && configs && { flows, triggers, configs };
  const canWrite = useMay()("config.write");
  const [dialog, setDialog] = useState<{ readonly replaced: string | null } | null>(null);
  const { ask: remove } = useConfirmedAction({
    question: ({ name }: SecretName) => {
      const count = users ? usersOf(name, users).length : 0;
      const used =
        count > 0 ? ` It is named in ${count} ${count === 1 ? "place" : "places"}, which will fail without it.` : "";
      return {
        title: `Delete the secret ${name}?`,
        body: `Its value cannot be brought back.${used}`,
        action: "Delete secret",
        isDangerous: true,
      };
    },
    run: ({ name }) => workspace.secrets.delete(name),
    done: (_, { name }) => `Secret ${name} deleted.`,
    refresh: [keyOf(workspace, "secrets")],
  });
  return (
    <>
      <ListPage
        title="Secrets"
        intro="Passwords, keys and tokens that flows and triggers use by name. They are stored encrypted; their values are never shown."
        query={useQuery(secretsQuery(workspace))}
        columns={secretColumns(users, canWrite && { replace: (name) => setDialog({ replaced: name }), remove })}
        keyOf={nameOf}
        create={{ label: "Add secret", permission: "config.write", to: () => setDialog({ replaced: null }) }}
        note={{ permission: "config.write", what: "add, replace or delete secrets" }}
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
          />
        }
      />
      {dialog && <SecretDialog replaced={dialog.replaced} onClose={() => setDialog(null)} />}
    </>
  );
}
