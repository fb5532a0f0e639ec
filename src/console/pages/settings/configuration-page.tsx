import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { useWorkspace } from "../../data/api.tsx";
import { configDocumentQuery } from "../../data/detail-queries.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page } from "../../ui/page/page.tsx";
import { ConfigurationEditor } from "./configuration-editor.tsx";

export default function ConfigurationPage() {
  const workspace = useWorkspace();
  const query = useQuery({ ...configDocumentQuery(workspace), refetchOnWindowFocus: false });
  return (
    <Page
      title="Configuration"
      above={
        <Link href="/settings" className="link">
          Settings
        </Link>
      }
      intro="Settings, adapters, flows, triggers and callback configurations as one JSON document, to keep, to compare and to carry to another workspace. Secrets and keys are not in it."
    >
      <PermissionNote permission="config.write" what="compare or apply a document" />
      <Loaded query={query} what="the configuration">
        {(document) => <ConfigurationEditor key={workspace.name} document={document} />}
      </Loaded>
    </Page>
  );
}
