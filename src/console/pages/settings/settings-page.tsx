import { Button } from "@cloudflare/kumo/components/button";
import { BracketsCurlyIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useClient, useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { workspaceQuery } from "../../data/queries.ts";
import { Facts } from "../../ui/data/facts.tsx";
import { Loaded } from "../../ui/data/loaded.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page, Section } from "../../ui/page/page.tsx";
import { CopiedText } from "../../ui/text/copied-text.tsx";
import { DeleteWorkspace } from "./delete-workspace.tsx";
import { SettingsForm } from "./settings-form.tsx";

export default function SettingsPage() {
  const { name } = useWorkspace();
  const query = useQuery(workspaceQuery(useClient(), name));
  const may = useMay();
  const [, navigate] = useLocation();
  return (
    <Page
      title="Settings"
      intro="What holds for the whole workspace."
      actions={
        <Button icon={<BracketsCurlyIcon />} onClick={() => navigate("/settings/configuration")}>
          Configuration as one document
        </Button>
      }
    >
      <PermissionNote permission="config.write" what="change settings" />
      <Loaded query={query} what="the settings">
        {(workspace) => (
          <>
            <Section title="Identity">
              <Facts
                facts={[
                  { name: "Name", value: <CopiedText text={workspace.name} what="the name" /> },
                  {
                    name: "Workspace id: what adapters get with each request",
                    value: <CopiedText text={workspace.id} what="the workspace id" />,
                    isWide: true,
                  },
                ]}
              />
            </Section>
            <SettingsForm key={workspace.id} workspace={workspace} />
          </>
        )}
      </Loaded>
      {query.data && may("config.write") && <DeleteWorkspace name={name} />}
    </Page>
  );
}
