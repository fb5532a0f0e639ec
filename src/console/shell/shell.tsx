import { Button } from "@cloudflare/kumo/components/button";
import { BookOpenTextIcon, SignOutIcon } from "@phosphor-icons/react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { signOut } from "../session/session.ts";
import { ErrorBoundary } from "../ui/feedback/error-boundary.tsx";
import { Logo } from "../ui/page/logo.tsx";
import { SkipLink } from "../ui/page/skip-link.tsx";
import { Drawer } from "./drawer.tsx";
import navigation from "./navigation.module.css";
import { Navigation } from "./navigation.tsx";
import styles from "./shell.module.css";
import { SignedInAs } from "./signed-in-as.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import { WorkspaceMenu } from "./workspace/workspace-menu.tsx";

/** The frame of every page: navigation at the side, or behind a button on a phone. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);

  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // The page itself scrolls to the fragment of its URL.
    if (window.location.hash !== "") return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const side = (
    <>
      <WorkspaceMenu />
      <Navigation />
    </>
  );
  const foot = (
    <div className={styles.end}>
      <Link href="~/console/~reference" className={navigation.item ?? ""}>
        <BookOpenTextIcon size={18} aria-hidden="true" />
        API reference
      </Link>
      <SignedInAs />
      <div className={styles.foot}>
        <ThemeMenu />
        <Button variant="ghost" icon={<SignOutIcon />} onClick={() => signOut()}>
          Sign out
        </Button>
      </div>
    </div>
  );

  return (
    <div className={styles.shell}>
      <SkipLink />
      <aside className={styles.sidebar} aria-label="Console">
        <Logo />
        {side}
        {foot}
      </aside>
      <Drawer>
        {side}
        {foot}
      </Drawer>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <ErrorBoundary resetKey={path}>{children}</ErrorBoundary>
      </main>
    </div>
  );
}
