/** The console: the reference, signed out, at no workspace yet, or on a page of one. */
import { Toasty } from "@cloudflare/kumo/components/toast";
import { CSPProvider } from "@cloudflare/kumo/primitives/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo } from "react";
import { Route, Router, Switch, useParams } from "wouter";
import { ApiProvider, WorkspaceProvider } from "./data/api.tsx";
import { makeQueryClient } from "./data/query-client.ts";
import { PAGES } from "./pages/table.ts";
import { askAccess, useSession } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { ChooseWorkspace } from "./shell/workspace/choose-workspace.tsx";
import { rememberWorkspace } from "./shell/workspace/last-workspace.ts";
import { Loading } from "./ui/data/loaded.tsx";
import { ConfirmProvider } from "./ui/feedback/confirm.tsx";
import { EmptyState } from "./ui/feedback/empty-state.tsx";
import { toasts } from "./ui/feedback/toast.ts";

const Reference = lazy(() => import("./reference/reference.tsx"));
const ROUTES = PAGES.map(({ path, load }) => ({ path, page: lazy(load) }));

export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Toasty toastManager={toasts}>
        <Router base="/console">
          <Switch>
            {/* No workspace can have this name. It tells nothing about anybody, so it needs no session. */}
            <Route path="/~reference/:operation?">
              <Suspense fallback={<Loading what="the reference" />}>
                <Reference />
              </Suspense>
            </Route>
            <Route component={Console} />
          </Switch>
        </Router>
      </Toasty>
    </CSPProvider>
  );
}

/** The workspaces when signed in, otherwise the sign-in page. */
function Console() {
  const { session, isAsking } = useSession();
  useEffect(() => {
    if (isAsking) void askAccess();
  }, [isAsking]);
  // Data that one token has loaded is not shown to the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a session's end ends its data.
  const queries = useMemo(makeQueryClient, [session]);
  if (!session) return isAsking ? <Loading what="who you are" /> : <SignInPage />;
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider session={session}>
        <ConfirmProvider>
          <Switch>
            <Route path="/" component={ChooseWorkspace} />
            <Route path="/:workspace" nest component={Workspace} />
          </Switch>
        </ConfirmProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}

function Workspace() {
  const { workspace } = useParams<{ workspace: string }>();
  useEffect(() => rememberWorkspace(workspace), [workspace]);
  return (
    <WorkspaceProvider name={workspace}>
      <Shell>
        <Suspense fallback={<Loading what="the page" />}>
          <Switch>
            {ROUTES.map(({ path, page }) => (
              <Route key={path} path={path} component={page} />
            ))}
            <Route>
              <EmptyState title="There is no such page" text="Choose one from the navigation." />
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </WorkspaceProvider>
  );
}
