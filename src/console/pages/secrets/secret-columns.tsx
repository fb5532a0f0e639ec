import { Button } from "@cloudflare/kumo/components/button";
import { TrashIcon } from "@phosphor-icons/react";
import type { SecretName } from "../../../client/index.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { Time } from "../../ui/text/time.tsx";
import { type Users, usersOf } from "./secret-users.ts";

interface Actions {
  readonly replace: (name: string) => void;
  readonly remove: (secret: SecretName) => void;
}

/**
 * @param users undefined until they are loaded.
 * @param actions false for who may only look.
 */
export function secretColumns(users: Users | undefined, actions: Actions | false): readonly Column<SecretName>[] {
  return [
    { name: "Name", isMain: true, width: "24%", cell: ({ name }) => <span className="mono">{name}</span> },
    { name: "Named by", cell: ({ name }) => users && <NamedBy secret={name} users={users} /> },
    {
      name: "Value since",
      width: "9rem",
      cell: ({ updatedAt }) => (updatedAt === undefined ? "–" : <Time at={updatedAt} />),
    },
    ...(actions
      ? [
          {
            name: "Actions",
            width: "11rem",
            align: "end" as const,
            isState: true,
            cell: (secret: SecretName) => (
              <span className="tools">
                <Button
                  size="sm"
                  aria-label={`Replace the value of ${secret.name}`}
                  onClick={() => actions.replace(secret.name)}
                >
                  Replace
                </Button>
                <Button
                  size="sm"
                  variant="ghost"
                  shape="square"
                  icon={<TrashIcon />}
                  aria-label={`Delete the secret ${secret.name}`}
                  onClick={() => actions.remove(secret)}
                />
              </span>
            ),
          },
        ]
      : []),
  ];
}

function NamedBy({ secret, users }: { readonly secret: string; readonly users: Users }) {
  const found = usersOf(secret, users);
  if (found.length === 0) return <span className="subtle">nothing</span>;
  return (
    <span className="row">
      {found.map(({ what, name, path }) => (
        <span key={path}>
          {what} <TextLink href={path}>{name}</TextLink>
        </span>
      ))}
    </span>
  );
}
