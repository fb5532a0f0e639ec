import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../data/api.tsx";
import { configDocumentQuery } from "../../data/queries.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { ConfigurationEditor } from "./configuration-editor.tsx";

export default function ConfigurationPage() {
  const workspace = useWorkspace();
  const query = useQuery({ ...configDocumentQuery(workspace), refetchOnWindowFocus: false });
  return (
    <Page
      title="Configuration"
      above={<TextLink href="/settings">Settings</TextLink>}
      intro="Settings, adapters, flows, triggers and callback configurations as one JSON document, to keep, to compare and to carry to another workspace. Secrets and keys are not in it."
    >
      <PermissionNote permission="config.write" what="compare or apply a document" />
      <Loaded query={query} what="the configuration">
        {(document) => <ConfigurationEditor key={workspace.name} document={document} />}
      </Loaded>
    </Page>
  );
}
