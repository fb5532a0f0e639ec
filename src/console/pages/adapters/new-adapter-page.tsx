import { useState } from "react";
import { useWorkspace } from "../../data/api.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { Page, Section } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { inputOf, NEW_ADAPTER } from "./adapter-draft.ts";
import { AdapterForm } from "./adapter-form.tsx";
import { SharedSecretField } from "./shared-secret-field.tsx";

export default function NewAdapterPage() {
  const workspace = useWorkspace();
  const [secret, setSecret] = useState("");
  return (
    <Page
      title="Register adapter"
      above={<TextLink href="/adapters">Adapters</TextLink>}
      intro="An adapter is a service that flows call with a signed request. It answers with the result, or says that it has begun and calls back."
    >
      <PermissionNote permission="config.write" what="register adapters" />
      <AdapterForm
        initial={NEW_ADAPTER}
        save={(draft) => workspace.adapters.create({ ...inputOf(draft), shared_secret: secret })}
        done={({ name }) => `Adapter ${name} registered.`}
        action="Register adapter"
        isTouched={secret !== ""}
      >
        <Section title="Shared secret">
          <SharedSecretField label="Shared secret" value={secret} onChange={setSecret} />
        </Section>
      </AdapterForm>
    </Page>
  );
}
