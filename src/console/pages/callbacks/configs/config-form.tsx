import { useState } from "react";
import { useLocation } from "wouter";
import { useWorkspace } from "../../../data/api.tsx";
import { createNamed } from "../../../data/create-named.ts";
import { keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { Form, SaveButtons } from "../../../ui/form/form.tsx";
import { leaveFreely, useUnsavedGuard } from "../../../ui/form/unsaved-guard.ts";
import { Section } from "../../../ui/page/page.tsx";
import { type CallbackDraft, inputOf } from "../fields/callback-draft.ts";
import { CallbackFields } from "../fields/callback-fields.tsx";

interface Props {
  /** Name of the configuration; null for a new one. */
  readonly saved: string | null;
  readonly initial: CallbackDraft;
}

/** Creates or changes a stored configuration. */
export function ConfigForm({ saved, initial }: Props) {
  const workspace = useWorkspace();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(initial);
  useUnsavedGuard(draft !== initial || name !== "");
  const save = useAction({
    run: () => {
      const noun = workspace.callbackConfigs;
      if (saved !== null) return noun.put(saved, inputOf(draft));
      return createNamed(noun, { name: name.trim(), field: "name", what: "callback configuration" }, inputOf(draft));
    },
    done: ({ name: stored }) => `Configuration ${stored} saved.`,
    refresh: [keyOf(workspace, "callback-configs")],
    onDone: () => leaveFreely(() => navigate("/callbacks/configurations")),
  });
  return (
    <Form label="Callback configuration" problem={save.error} onSubmit={() => save.mutate()}>
      {saved === null && (
        <Section title="Name">
          <TextField
            path="name"
            label="Name"
            help="Requests name it so: letters, digits, dots, hyphens and underscores."
            placeholder="payment-return"
            isCode
            value={name}
            onChange={setName}
          />
        </Section>
      )}
      <CallbackFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} isPartial />
      <SaveButtons
        label="Save configuration"
        permission="config.write"
        isPending={save.isPending}
        cancel="/callbacks/configurations"
      />
    </Form>
  );
}
