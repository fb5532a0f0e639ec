import { Button } from "@cloudflare/kumo/components/button";
import { PaperPlaneTiltIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useParams, useSearchParams } from "wouter";
import type { Trigger } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { keyOf, triggerQuery } from "../../data/queries.ts";
import { Loaded } from "../../ui/data/loaded.tsx";
import { DeleteButton } from "../../ui/feedback/delete-button.tsx";
import { Page } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { draftOf, newTrigger } from "./editor/trigger-draft.ts";
import { TriggerEditor } from "./editor/trigger-editor.tsx";
import { type NewKeys, useNewKeys } from "./keys/use-new-keys.ts";
import { CallSection } from "./test/call-section.tsx";
import { TEST_ID } from "./test/test-id.ts";
import { TestPanel } from "./test/test-panel.tsx";

/** No trigger can have this name. */
const NEW = "~new";

export default function TriggerPage() {
  const { trigger = "" } = useParams<{ trigger: string }>();
  const isNew = trigger === NEW;
  const newKeys = useNewKeys(isNew ? "" : trigger);
  return isNew ? <NewTrigger newKeys={newKeys} /> : <SavedTrigger key={trigger} name={trigger} newKeys={newKeys} />;
}

const above = <TextLink href="/triggers">Triggers</TextLink>;

function NewTrigger({ newKeys }: { readonly newKeys: NewKeys }) {
  const [search] = useSearchParams();
  const flow = search.get("flow") ?? "";
  const initial = useMemo(() => newTrigger(flow), [flow]);
  return (
    <Page
      title="New trigger"
      above={above}
      intro="An https endpoint (webhook) that can be called with query parameters and a body of any type, and starts a flow."
    >
      <TriggerEditor trigger="" initial={initial} newKeys={newKeys} />
    </Page>
  );
}

function SavedTrigger({ name, newKeys }: { readonly name: string; readonly newKeys: NewKeys }) {
  const query = useQuery(triggerQuery(useWorkspace(), name));
  const isLoaded = query.data !== undefined;
  useEffect(() => {
    if (isLoaded && location.hash === `#${TEST_ID}`) goToTest();
  }, [isLoaded]);
  return (
    <Page title={name} above={above} actions={query.data && <Actions trigger={query.data} />}>
      <Loaded query={query} what="the trigger">
        {(trigger) => (
          <>
            <CallSection trigger={trigger} />
            <TriggerEditor trigger={name} initial={draftOf(trigger)} newKeys={newKeys} />
            <TestPanel id={TEST_ID} trigger={trigger} keys={newKeys.made} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function goToTest(): void {
  const panel = document.getElementById(TEST_ID);
  panel?.scrollIntoView();
  panel?.querySelector("button")?.focus({ preventScroll: true });
}

function Actions({ trigger: { name } }: { readonly trigger: Trigger }) {
  const workspace = useWorkspace();
  const mayWrite = useMay()("config.write");
  return (
    <>
      <Button icon={<PaperPlaneTiltIcon />} onClick={goToTest}>
        Send a test message
      </Button>
      {mayWrite && (
        <DeleteButton
          what="trigger"
          name={name}
          loss="Its URL stops working at once, and its keys are deleted with it. Executions that it has started stay and go on."
          run={() => workspace.triggers.delete(name)}
          refresh={[keyOf(workspace, "triggers")]}
          list="/triggers"
        />
      )}
    </>
  );
}
