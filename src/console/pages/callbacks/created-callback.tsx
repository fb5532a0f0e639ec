import { Button } from "@cloudflare/kumo/components/button";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { Callback } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";
import { Page, Section } from "../../ui/page/page.tsx";
import { CallbackAddress } from "./detail/callback-address.tsx";

interface Props {
  readonly callback: Callback;
  readonly above: ReactNode;
  readonly onAgain: () => void;
}

/** The page after creating a callback, with its URL and ids. */
export function CreatedCallback({ callback, above, onAgain }: Props) {
  const may = useMay();
  const [, navigate] = useLocation();
  return (
    <Page
      title="Callback created"
      above={above}
      intro="Hand the URL to the other system, or send the user there. Whoever has it can call it."
      actions={
        <>
          <Button onClick={onAgain}>Create another</Button>
          {may("callbacks.read") && (
            <Button variant="primary" onClick={() => navigate(`/callbacks/${callback.callbackState}`)}>
              See its calls
            </Button>
          )}
        </>
      }
    >
      <Section title="What to hand over">
        <CallbackAddress callback={callback} />
      </Section>
    </Page>
  );
}
