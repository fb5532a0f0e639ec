import { Button } from "@cloudflare/kumo/components/button";
import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretUpDownIcon, PlusIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useClient, useWorkspace } from "../../data/api.tsx";
import { sessionQuery, useMay } from "../../data/permissions.ts";
import { workspacesQuery } from "../../data/queries.ts";
import { NewWorkspaceDialog } from "./new-workspace-dialog.tsx";
import styles from "./workspace-menu.module.css";

/** Shows the current workspace, switches to another one, or creates one. */
export function WorkspaceMenu() {
  const { name } = useWorkspace();
  const client = useClient();
  const may = useMay();
  const { data: who } = useQuery(sessionQuery(client));
  const isFree = who !== undefined && who.workspace === undefined;
  const canList = isFree && may("config.read");
  const canCreate = isFree && may("config.write");
  const workspaces = useQuery({ ...workspacesQuery(client), enabled: canList });
  const [, navigate] = useLocation();
  const [isCreating, setCreating] = useState(false);
  const names = workspaces.data?.map((workspace) => workspace.name) ?? [name];

  return (
    <>
      <DropdownMenu>
        <DropdownMenu.Trigger
          render={
            <Button className={styles.trigger ?? ""} aria-label={`Workspace ${name}. Choose another one`}>
              <span className="cut">{name}</span>
              <CaretUpDownIcon aria-hidden="true" />
            </Button>
          }
        />
        <DropdownMenu.Content className={styles.content ?? ""}>
          {names.map((other) => (
            <DropdownMenu.Item key={other} selected={other === name} onClick={() => navigate(`~/console/${other}`)}>
              {other}
            </DropdownMenu.Item>
          ))}
          {isFree && !canList && (
            <DropdownMenu.Item onClick={() => navigate("~/console/")}>Another workspace</DropdownMenu.Item>
          )}
          {canCreate && <DropdownMenu.Separator />}
          {canCreate && (
            <DropdownMenu.Item icon={PlusIcon} onClick={() => setCreating(true)}>
              New workspace
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu>
      {isCreating && <NewWorkspaceDialog onClose={() => setCreating(false)} />}
    </>
  );
}
