import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLocation, useParams } from "wouter";
import type { CallbackConfig } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { callbackConfigQuery, keyOf } from "../../../data/queries.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { DeleteButton } from "../../../ui/feedback/delete-button.tsx";
import { PermissionNote } from "../../../ui/feedback/permission-note.tsx";
import { Page } from "../../../ui/page/page.tsx";
import { TextLink } from "../../../ui/text/text-link.tsx";
import { BLANK_CONFIG, withConfig } from "../fields/callback-draft.ts";
import { ConfigForm } from "./config-form.tsx";

export default function ConfigPage() {
  const { name } = useParams<{ name: string }>();
  const query = useQuery(callbackConfigQuery(useWorkspace(), name));
  return (
    <Page
      title={name}
      above={<TextLink href="/callbacks/configurations">Callback configurations</TextLink>}
      intro="A change serves callbacks that are created from now on; those that exist stay as they are."
      actions={query.data && <Actions name={name} />}
    >
      <PermissionNote permission="config.write" what="change or delete configurations" />
      <Loaded query={query} what="the callback configuration">
        {(config) => <Edit key={name} config={config} />}
      </Loaded>
    </Page>
  );
}

function Edit({ config }: { readonly config: CallbackConfig }) {
  const initial = useMemo(() => withConfig(BLANK_CONFIG, config), [config]);
  return <ConfigForm saved={config.name} initial={initial} />;
}

function Actions({ name }: { readonly name: string }) {
  const workspace = useWorkspace();
  const may = useMay();
  const [, navigate] = useLocation();
  return (
    <>
      {may("callbacks.write") && (
        <Button icon={<PlusIcon />} onClick={() => navigate(`/callbacks/~new?config=${encodeURIComponent(name)}`)}>
          New callback from it
        </Button>
      )}
      {may("config.write") && (
        <DeleteButton
          what="configuration"
          name={name}
          loss="Requests that name it are refused from now on. Callbacks that were created from it stay as they are."
          run={() => workspace.callbackConfigs.delete(name)}
          refresh={[keyOf(workspace, "callback-configs")]}
          list="/callbacks/configurations"
        />
      )}
    </>
  );
}
