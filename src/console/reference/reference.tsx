/** The reference of the API: everything that the gateway's own description says, for everybody who can reach it. */
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { makeQueryClient } from "../data/query-client.ts";
import { ThemeMenu } from "../shell/theme-menu.tsx";
import { Loaded } from "../ui/data/loaded.tsx";
import { EmptyState } from "../ui/feedback/empty-state.tsx";
import { Logo } from "../ui/page/logo.tsx";
import { Main, SkipLink } from "../ui/page/main.tsx";
import { descriptionQuery } from "./description.ts";
import { OperationView } from "./operation/operation-view.tsx";
import styles from "./reference.module.css";
import { ReferenceIndex } from "./reference-index.tsx";

export default function Reference() {
  const { operation: id } = useParams<{ operation?: string }>();
  const [queries] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <div className={styles.page}>
        <SkipLink />
        <Bar />
        <Main path={id ?? ""}>
          <Content id={id} />
        </Main>
      </div>
    </QueryClientProvider>
  );
}

function Content({ id }: { readonly id: string | undefined }) {
  const query = useQuery(descriptionQuery);
  return (
    <Loaded query={query} what="the description of the API">
      {(description) => {
        if (id === undefined) return <ReferenceIndex description={description} />;
        const operation = description.groups.flatMap(({ operations }) => operations).find((one) => one.id === id);
        if (operation) return <OperationView description={description} operation={operation} />;
        return (
          <EmptyState
            title="There is no such operation"
            text="This version of the gateway has none of this name."
            action={
              <Link href="/~reference" className="link">
                All operations
              </Link>
            }
          />
        );
      }}
    </Loaded>
  );
}

function Bar() {
  return (
    <header className={styles.bar}>
      <Logo />
      <Link href="/~reference" className={styles.title ?? ""}>
        API reference
      </Link>
      <div className={styles.end}>
        <ThemeMenu />
        <Link href="/" className={styles.console ?? ""}>
          Console
        </Link>
      </div>
    </header>
  );
}
