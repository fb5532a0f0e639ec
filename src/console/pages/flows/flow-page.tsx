import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams } from "wouter";
import type { Flow } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { callbackConfigsQuery, flowQuery, keyOf, triggersQuery } from "../../data/queries.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { DeleteButton } from "../../ui/feedback/delete-button.tsx";
import { Page } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { draftOf } from "./editor/flow-draft.ts";
import { FlowEditor } from "./editor/flow-editor.tsx";
import { FlowUsers } from "./flow-users.tsx";

/** No flow can have this name. */
const NEW = "~new";

const above = <TextLink href="/flows">Flows</TextLink>;

export default function FlowPage() {
  const { flow = "" } = useParams<{ flow: string }>();
  return flow === NEW ? <NewFlow /> : <SavedFlow key={flow} name={flow} />;
}

function NewFlow() {
  return (
    <Page
      title="New flow"
      above={above}
      intro="Steps that are done one after the other with each message. What a step answers is the message for the next."
    >
      <FlowEditor flow="" initial={[]} trigger="" />
    </Page>
  );
}

function SavedFlow({ name }: { readonly name: string }) {
  const workspace = useWorkspace();
  const mayWrite = useMay()("config.write");
  const query = useQuery(flowQuery(workspace, name));
  const triggers = useQuery(triggersQuery(workspace));
  const trigger = triggers.data?.find((one) => one.flow === name)?.name ?? "";
  return (
    <Page title={name} above={above} actions={query.data && mayWrite && <Delete name={name} />}>
      <Loaded query={query} what="the flow">
        {(flow) => (
          <>
            <Editor flow={flow} trigger={trigger} />
            <FlowUsers flow={name} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Keeps the first loaded flow: later loads must not overwrite the draft. */
function Editor({ flow, trigger }: { readonly flow: Flow; readonly trigger: string }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first one counts.
  const initial = useMemo(() => flow.steps.map(draftOf), []);
  return <FlowEditor flow={flow.name} initial={initial} trigger={trigger} />;
}

function Delete({ name }: { readonly name: string }) {
  const workspace = useWorkspace();
  const triggers = useQuery(triggersQuery(workspace));
  const configs = useQuery(callbackConfigsQuery(workspace));
  const users = [
    ...(triggers.data ?? []).filter(({ flow }) => flow === name),
    ...(configs.data ?? []).filter(
      ({ callbackActivity: activity }) => activity?.type === "flow" && activity.flow === name,
    ),
  ].map((user) => user.name);
  return (
    <DeleteButton
      what="flow"
      name={name}
      loss={
        users.length > 0
          ? `It is used by ${users.join(", ")}. The gateway does not delete a flow that something uses: give them another flow first.`
          : "Its steps are lost. Executions that it has finished stay in the list."
      }
      run={() => workspace.flows.delete(name)}
      refresh={[keyOf(workspace, "flows")]}
      list="/flows"
    />
  );
}
