import { Button } from "@cloudflare/kumo/components/button";
import { BookOpenTextIcon, SignOutIcon } from "@phosphor-icons/react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { signOut } from "../session/session.ts";
import { Logo } from "../ui/page/logo.tsx";
import { Main, SkipLink } from "../ui/page/main.tsx";
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
      <Main path={path}>{children}</Main>
    </div>
  );
}
