import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "wouter";
import type { Callback, CallbackConfig, CallbackInput } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { callbackConfigsQuery, keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { Loading } from "../../ui/data/loaded.tsx";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { PermissionNote } from "../../ui/feedback/permission-note.tsx";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
import { SelectField } from "../../ui/form/fields/fields.tsx";
import { Form, SaveButtons } from "../../ui/form/form.tsx";
import { Page, Section } from "../../ui/page/page.tsx";
import { TextLink } from "../../ui/text/text-link.tsx";
import { CreatedCallback } from "./created-callback.tsx";
import { inputOf, NEW_CALLBACK, withConfig } from "./fields/callback-draft.ts";
import { CallbackFields } from "./fields/callback-fields.tsx";

const above = <TextLink href="/callbacks">Callbacks</TextLink>;

export default function NewCallbackPage() {
  const [search, setSearch] = useSearchParams();
  const may = useMay();
  const canChoose = may("config.read");
  const configs = useQuery({ ...callbackConfigsQuery(useWorkspace()), enabled: canChoose });
  const [created, setCreated] = useState<Callback | null>(null);
  const wanted = search.get("config") ?? "";
  const isWaiting = canChoose && wanted !== "" && configs.isPending;
  const names = (configs.data ?? []).map(({ name }) => name);

  if (created) return <CreatedCallback callback={created} above={above} onAgain={() => setCreated(null)} />;
  return (
    <Page
      title="New callback"
      above={above}
      intro="Generates a URL that another system can call to send status updates (a webhook), or to which a user comes back after an action in an external system, such as a payment."
    >
      <PermissionNote permission="callbacks.write" what="create callbacks" />
      {canChoose && names.length > 0 && (
        <Section title="Start from">
          <SelectField
            path="config"
            label="Stored configuration"
            help={<FieldHelp of="callback" path="config" />}
            value={names.includes(wanted) ? wanted : ""}
            onChange={(name) => setSearch(name === "" ? {} : { config: name }, { replace: true })}
            options={Object.fromEntries([["", "None"], ...names.map((name) => [name, name])])}
          />
        </Section>
      )}
      {isWaiting ? (
        <Loading what="the stored configuration" />
      ) : wanted !== "" && configs.data && !names.includes(wanted) ? (
        <EmptyState
          title={`There is no stored configuration named ${wanted}`}
          text="It may have been deleted."
          action={<TextLink href="/callbacks/~new">Start without one</TextLink>}
        />
      ) : (
        <NewCallbackForm
          key={wanted}
          config={configs.data?.find(({ name }) => name === wanted)}
          onCreated={setCreated}
        />
      )}
    </Page>
  );
}

interface FormProps {
  readonly config: CallbackConfig | undefined;
  readonly onCreated: (callback: Callback) => void;
}

function NewCallbackForm({ config, onCreated }: FormProps) {
  const workspace = useWorkspace();
  const [draft, setDraft] = useState(() => withConfig(NEW_CALLBACK, config ?? {}));
  const create = useAction({
    // All of it and no name of the configuration: a field that was emptied here is not to come back from there.
    run: () => workspace.callbacks.create(inputOf(draft) as CallbackInput),
    done: "Callback created.",
    refresh: [keyOf(workspace, "callbacks", "list")],
    onDone: (callback) => {
      window.scrollTo(0, 0);
      onCreated(callback);
    },
  });
  return (
    <Form label="New callback" problem={create.error} onSubmit={() => create.mutate()}>
      <CallbackFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} isPartial={false} />
      <SaveButtons
        label="Create callback"
        permission="callbacks.write"
        isPending={create.isPending}
        cancel="/callbacks"
      />
    </Form>
  );
}
