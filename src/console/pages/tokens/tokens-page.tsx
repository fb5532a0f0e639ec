import { Button } from "@cloudflare/kumo/components/button";
import { KeyIcon, PlusIcon, TrashIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { NewToken, Token } from "../../../client/index.ts";
import { useClient } from "../../data/api.tsx";
import { tokensQuery } from "../../data/detail-queries.ts";
import { useAction } from "../../data/use-action.ts";
import type { Column } from "../../ui/data/data-table.tsx";
import { LoadedTable } from "../../ui/data/loaded-table.tsx";
import { StatusBadge } from "../../ui/data/status-badge.tsx";
import { Time, useNow } from "../../ui/text/time.tsx";
import { useConfirm } from "../../ui/feedback/confirm.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Page } from "../../ui/page/page.tsx";
import { IssueTokenDialog } from "./issue-token-dialog.tsx";
import { IssuedToken } from "./issued-token.tsx";
import { PERMISSION_WORDS } from "./permission-words.ts";
import styles from "./tokens-page.module.css";

const idOf = ({ id }: Token) => id;

const newestFirst = (tokens: readonly Token[]) => tokens.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

export default function TokensPage() {
  const client = useClient();
  const tokens = useQuery(tokensQuery(client));
  const confirm = useConfirm();
  const now = useNow();
  const [isIssuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<NewToken | null>(null);
  const { mutate: revoke } = useAction({
    run: ({ id }: Token) => client.tokens.delete(id),
    done: (_, { label }) => `Token ${label} revoked.`,
    refresh: [tokensQuery(client).queryKey],
    onDone: (_, { id }) => setIssued((shown) => (shown?.id === id ? null : shown)),
  });
  const columns = useMemo(() => {
    async function ask(token: Token) {
      const isMeant = await confirm({
        title: `Revoke the token ${token.label}?`,
        body: "Whoever uses it is refused within a minute, everywhere. A token cannot be brought back.",
        action: "Revoke token",
        isDangerous: true,
      });
      if (isMeant) revoke(token);
    }
    return columnsFor(now, (token) => void ask(token));
  }, [now, confirm, revoke]);
  const issue = (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => setIssuing(true)}>
      Issue token
    </Button>
  );
  return (
    <Page
      title="Tokens"
      intro="Personal access tokens of people and programs that use the API or this console. They belong to the gateway: each serves one workspace or all of them."
      actions={tokens.data?.length !== 0 && issue}
    >
      {issued && <IssuedToken token={issued} onHide={() => setIssued(null)} />}
      <LoadedTable
        query={tokens}
        what="the tokens"
        label="Tokens"
        columns={columns}
        keyOf={idOf}
        order={newestFirst}
        empty={
          <EmptyState
            icon={<KeyIcon />}
            title="No tokens yet"
            text="Issue one for each person and program, with no more permissions than it needs. The admin token of the gateway is not in this list."
            action={issue}
          />
        }
      />
      {isIssuing && <IssueTokenDialog onClose={() => setIssuing(false)} onIssued={setIssued} />}
    </Page>
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
        <span className={styles.actions}>
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
