import { Button } from "@cloudflare/kumo/components/button";
import { ProhibitIcon } from "@phosphor-icons/react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import type { CallbackDetail } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { callbackQuery, keyOf } from "../../../data/queries.ts";
import { useConfirmedAction } from "../../../data/use-action.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { StatusBadge } from "../../../ui/data/status-badge.tsx";
import { Heading } from "../../../ui/page/heading.tsx";
import { Page, Section } from "../../../ui/page/page.tsx";
import { CopyButton } from "../../../ui/text/copy-button.tsx";
import { shortId, TextLink } from "../../../ui/text/text-link.tsx";
import { CallbackAddress } from "./callback-address.tsx";
import { CallbackCalls } from "./callback-calls.tsx";
import { CallbackSettings } from "./callback-settings.tsx";

export default function CallbackPage() {
  const { state } = useParams<{ state: string }>();
  const query = useQuery(callbackQuery(useWorkspace(), state));
  const short = shortId(state);
  return (
    <Page
      title={`Callback ${short}`}
      above={<TextLink href="/callbacks">Callbacks</TextLink>}
      heading={
        <Heading what="Callback" name={short}>
          <CopyButton text={state} what="the state" />
          {query.data && <StatusBadge status={query.data.status} />}
        </Heading>
      }
      actions={query.data && <Close callback={query.data} />}
    >
      <Loaded query={query} what="the callback">
        {(callback) => (
          <>
            <Section title="What to hand over">
              <CallbackAddress callback={callback} />
            </Section>
            <Section title="Calls" isFlush>
              <CallbackCalls callback={callback} />
            </Section>
            <Section title="Settings">
              <CallbackSettings callback={callback} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Close({ callback: { callbackState, status } }: { readonly callback: CallbackDetail }) {
  const workspace = useWorkspace();
  const may = useMay();
  const { ask, isPending } = useConfirmedAction({
    question: () => ({
      title: "Close this callback?",
      body: "Further calls of the URL are answered with 410 Gone. It cannot be opened again. A call in progress is still answered; its record stays.",
      action: "Close callback",
      keep: "Leave it open",
      isDangerous: true,
    }),
    run: () => workspace.callbacks.close(callbackState),
    done: "Callback closed.",
    refresh: [keyOf(workspace, "callbacks")],
  });
  if (status === "closed" || !may("callbacks.write")) return null;
  return (
    <Button variant="secondary-destructive" icon={<ProhibitIcon />} loading={isPending} onClick={() => ask()}>
      Close
    </Button>
  );
}
