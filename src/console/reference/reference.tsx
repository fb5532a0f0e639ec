/** The reference of the API: everything that the gateway's own description says, for everybody who can reach it. */
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useParams } from "wouter";
import { makeQueryClient } from "../data/query-client.ts";
import { ThemeMenu } from "../shell/theme-menu.tsx";
import { Loaded } from "../ui/data/loaded.tsx";
import { EmptyState } from "../ui/feedback/empty-state.tsx";
import { ErrorBoundary } from "../ui/feedback/error-boundary.tsx";
import { Logo } from "../ui/page/logo.tsx";
import { SkipLink } from "../ui/page/skip-link.tsx";
import { descriptionQuery } from "./description.ts";
import { OperationView } from "./operation/operation-view.tsx";
import styles from "./reference.module.css";
import { ReferenceIndex } from "./reference-index.tsx";

export default function Reference() {
  const { operation: id } = useParams<{ operation?: string }>();
  const [queries] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <Frame path={id ?? ""}>
        <Content id={id} />
      </Frame>
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

/** The bar above, and the focus on what has been gone to. */
function Frame({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className={styles.page}>
      <SkipLink />
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
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <ErrorBoundary resetKey={path}>{children}</ErrorBoundary>
      </main>
    </div>
  );
}
