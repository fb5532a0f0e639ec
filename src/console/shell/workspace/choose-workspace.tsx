import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Redirect } from "wouter";
import { useClient } from "../../data/api.tsx";
import { sessionQuery, useMay } from "../../data/permissions.ts";
import { workspacesQuery } from "../../data/queries.ts";
import { signOut } from "../../session/session.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import styles from "../../ui/page/card.module.css";
import { home } from "../home.ts";
import { lastWorkspace } from "./last-workspace.ts";
import { NameWorkspace } from "./name-workspace.tsx";
import { NewWorkspaceDialog } from "./new-workspace-dialog.tsx";

/** At `/console/`: on to the only workspace, that of the last visit, or the first one. */
export function ChooseWorkspace() {
  const who = useQuery(sessionQuery(useClient()));
  const may = useMay();
  useEffect(() => {
    document.title = "Hookback";
  }, []);
  return (
    <main className={styles.page}>
      <Loaded query={who} what="who you are">
        {({ workspace }) => {
          if (workspace !== undefined) return <Redirect to={`/${workspace}${home(may)}`} replace />;
          return may("config.read") ? <Listed /> : <NameWorkspace />;
        }}
      </Loaded>
    </main>
  );
}

function Listed() {
  const may = useMay();
  const workspaces = useQuery(workspacesQuery(useClient()));
  return (
    <Loaded query={workspaces} what="the workspaces">
      {(list) => {
        const names = list.map(({ name }) => name);
        const last = lastWorkspace();
        const to = last !== null && names.includes(last) ? last : names[0];
        return to === undefined ? <FirstWorkspace /> : <Redirect to={`/${to}${home(may)}`} replace />;
      }}
    </Loaded>
  );
}

/** A gateway without any workspace gets its first. */
function FirstWorkspace() {
  const [isCreating, setCreating] = useState(false);
  const may = useMay();
  if (!may("config.write")) {
    return (
      <EmptyState
        title="There is no workspace yet"
        text="Somebody with the permission config.write creates the first."
      />
    );
  }
  return (
    <>
      <h1 className="hidden-visually">Workspaces</h1>
      <EmptyState
        title="Create your first workspace"
        text="A workspace holds flows, triggers, keys, secrets and executions. One for each team or environment is usual."
        action={
          <div className="buttons">
            <Button onClick={() => signOut()}>Sign out</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              New workspace
            </Button>
          </div>
        }
      />
      {isCreating && <NewWorkspaceDialog onClose={() => setCreating(false)} />}
    </>
  );
}
