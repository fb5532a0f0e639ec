import { Button } from "@cloudflare/kumo/components/button";
import { KeyIcon, TrashIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { NewToken, Token } from "../../../client/index.ts";
import { useClient } from "../../data/api.tsx";
import { tokensQuery } from "../../data/queries.ts";
import { useConfirmedAction } from "../../data/use-action.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ShownOnce } from "../../ui/feedback/shown-once.tsx";
import { ListPage } from "../../ui/page/list-page.tsx";
import { Time, useNow } from "../../ui/text/time.tsx";
import { IssueTokenDialog } from "./issue-token-dialog.tsx";
import { PERMISSION_WORDS } from "./permission-words.ts";
import styles from "./tokens-page.module.css";

const idOf = ({ id }: Token) => id;

const newestFirst = (tokens: readonly Token[]) => tokens.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

export default function TokensPage() {
  const client = useClient();
  const now = useNow();
  const [isIssuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<NewToken | null>(null);
  const { ask: revoke } = useConfirmedAction({
    question: ({ label }: Token) => ({
      title: `Revoke the token ${label}?`,
      body: "Whoever uses it is refused within a minute, everywhere. A token cannot be brought back.",
      action: "Revoke token",
      isDangerous: true,
    }),
    run: ({ id }) => client.tokens.delete(id),
    done: (_, { label }) => `Token ${label} revoked.`,
    refresh: [tokensQuery(client).queryKey],
    onDone: (_, { id }) => setIssued((shown) => (shown?.id === id ? null : shown)),
  });
  return (
    <>
      <ListPage
        title="Tokens"
        intro="Personal access tokens of people and programs that use the API or this console. They belong to the gateway: each is valid in one workspace or in all of them."
        query={useQuery(tokensQuery(client))}
        columns={columnsFor(now, revoke)}
        keyOf={idOf}
        order={newestFirst}
        create={{ label: "Issue token", permission: "admin", to: () => setIssuing(true) }}
        empty={
          <EmptyState
            icon={<KeyIcon />}
            title="No tokens yet"
            text="Issue one for each person and program, with no more permissions than it needs. The admin token of the gateway is not in this list."
          />
        }
      >
        {issued && (
          <ShownOnce
            label="The new token"
            title={`Copy the token ${issued.label} now: you will not see it again.`}
            values={[{ name: issued.label, value: issued.token, what: `the token ${issued.label}` }]}
            onHide={() => setIssued(null)}
          >
            Send it in the header <code>Authorization: Bearer …</code>, or with Basic authentication as the password
            with an empty user name. The gateway stores only a hash of it.
          </ShownOnce>
        )}
      </ListPage>
      {isIssuing && <IssueTokenDialog onClose={() => setIssuing(false)} onIssued={setIssued} />}
    </>
  );
}

function columnsFor(now: number, revoke: (token: Token) => void): readonly Column<Token>[] {
  return [
    { name: "Label", isMain: true, width: "20%", cell: ({ label }) => label },
    {
      name: "Permissions",
      cell: ({ permissions }) => (
        <span className={styles.permissions} title={permissions.map((one) => PERMISSION_WORDS[one]).join("\n")}>
          {permissions.join(", ")}
        </span>
      ),
    },
    { name: "Workspace", width: "8rem", cell: ({ workspace }) => workspace ?? "all" },
    {
      name: "Expires",
      width: "7.5rem",
      cell: ({ expiresAt }) => {
        if (expiresAt === undefined) return "never";
        return Date.parse(expiresAt) <= now ? <StatusBadge status="expired" /> : <Time at={expiresAt} />;
      },
    },
    { name: "Issued", width: "7.5rem", isExtra: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      name: "Actions",
      width: "7.5rem",
      align: "end",
      isState: true,
      cell: (token) => (
        <span className="tools">
          <Button
            size="sm"
            icon={<TrashIcon />}
            aria-label={`Revoke the token ${token.label}`}
            onClick={() => revoke(token)}
          >
            Revoke
          </Button>
        </span>
      ),
    },
  ];
}
