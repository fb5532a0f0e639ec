import { Button } from "@cloudflare/kumo/components/button";
import { KeyIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useParams } from "wouter";
import type { Adapter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { adapterQuery, flowsQuery, keyOf } from "../../data/queries.ts";
import { Facts } from "../../ui/data/facts.tsx";
import { Loaded } from "../../ui/data/loaded.tsx";
import { DeleteButton } from "../../ui/feedback/delete-button.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page, Section } from "../../ui/page/page.tsx";
import { CopiedText } from "../../ui/text/copied-text.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { Time } from "../../ui/text/time.tsx";
import { draftOf, inputOf } from "./adapter-draft.ts";
import { AdapterForm } from "./adapter-form.tsx";
import { flowsWith } from "./adapter-users.ts";
import { RotateDialog } from "./rotate-dialog.tsx";

export default function AdapterPage() {
  const { id } = useParams<{ id: string }>();
  const query = useQuery(adapterQuery(useWorkspace(), id));
  return (
    <Page
      title={query.data?.name ?? "Adapter"}
      above={<TextLink href="/adapters">Adapters</TextLink>}
      actions={query.data && <Actions adapter={query.data} />}
    >
      <PermissionNote permission="config.write" what="change adapters" />
      <Loaded query={query} what="the adapter">
        {(adapter) => (
          <>
            <Section title="At a glance">
              <Glance adapter={adapter} />
            </Section>
            <Edit key={id} adapter={adapter} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Glance({
  adapter: { id, created_at: createdAt, secret_rotated_at: rotatedAt },
}: {
  readonly adapter: Adapter;
}) {
  const { data: flows } = useQuery(flowsQuery(useWorkspace()));
  const users = flows && flowsWith(flows, id);
  return (
    <Facts
      facts={[
        { name: "Adapter id", value: <CopiedText text={id} what="the adapter id" />, isWide: true },
        { name: "Registered", value: <Time at={createdAt} /> },
        { name: "Shared secret since", value: rotatedAt && <Time at={rotatedAt} /> },
        {
          name: "Used by",
          value:
            users &&
            (users.length === 0
              ? "no flow yet"
              : users.map(({ name }, index) => (
                  <span key={name}>
                    {index > 0 && ", "}
                    <TextLink href={`/flows/${name}`}>{name}</TextLink>
                  </span>
                ))),
        },
      ]}
    />
  );
}

function Edit({ adapter }: { readonly adapter: Adapter }) {
  const workspace = useWorkspace();
  const initial = useMemo(() => draftOf(adapter), [adapter]);
  return (
    <AdapterForm
      initial={initial}
      save={(draft) => workspace.adapters.put(adapter.id, inputOf(draft))}
      done={({ name }) => `Adapter ${name} saved.`}
      action="Save adapter"
    />
  );
}

function Actions({ adapter: { id, name } }: { readonly adapter: Adapter }) {
  const workspace = useWorkspace();
  const may = useMay();
  const [isRotating, setRotating] = useState(false);
  if (!may("config.write")) return null;
  return (
    <>
      <Button icon={<KeyIcon />} onClick={() => setRotating(true)}>
        Rotate secret
      </Button>
      <DeleteButton
        what="adapter"
        name={name}
        loss="It is not deleted as long as a flow uses it. Answers and callbacks that it still sends are refused. Its secret cannot be brought back."
        run={() => workspace.adapters.delete(id)}
        refresh={[keyOf(workspace, "adapters")]}
        list="/adapters"
      />
      {isRotating && <RotateDialog id={id} onClose={() => setRotating(false)} />}
    </>
  );
}
