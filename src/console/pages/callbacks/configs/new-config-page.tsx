import { PermissionNote } from "../../../ui/feedback/permission-note.tsx";
import { Page } from "../../../ui/page/page.tsx";
import { TextLink } from "../../../ui/text/text-link.tsx";
import { BLANK_CONFIG } from "../fields/callback-draft.ts";
import { ConfigForm } from "./config-form.tsx";

export default function NewConfigPage() {
  return (
    <Page
      title="New callback configuration"
      above={<TextLink href="/callbacks/configurations">Callback configurations</TextLink>}
      intro="Set what your callbacks have in common. Whatever stays empty is left to the request that creates one."
    >
      <PermissionNote permission="config.write" what="create configurations" />
      <ConfigForm saved={null} initial={BLANK_CONFIG} />
    </Page>
  );
}
