import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useWorkspace } from "../../../data/api.tsx";
import { createNamed } from "../../../data/create-named.ts";
import { useMay } from "../../../data/permissions.ts";
import { keyOf, triggerQuery } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { PermissionNote } from "../../../ui/feedback/permission-note.tsx";
import { Form } from "../../../ui/form/form.tsx";
import { Changeable } from "../../../ui/form/layout.tsx";
import { SaveBar } from "../../../ui/form/save-bar.tsx";
import { leaveFreely, useUnsavedGuard } from "../../../ui/form/unsaved-guard.ts";
import { Fold } from "../../../ui/page/fold.tsx";
import type { NewKeys } from "../keys/use-new-keys.ts";
import { AuthSection } from "./auth-section.tsx";
import { BasicsSection } from "./basics-section.tsx";
import { DeliverySection } from "./delivery-section.tsx";
import { HandshakeFields, LimitFields } from "./limit-fields.tsx";
import { ProcessingFields } from "./processing-fields.tsx";
import { QuerySection } from "./query-section.tsx";
import type { TriggerDraft } from "./trigger-draft.ts";
import { inputOf } from "./trigger-input.ts";

interface Props {
  /** Empty for a trigger that is not saved yet. */
  readonly trigger: string;
  readonly initial: TriggerDraft;
  readonly newKeys: NewKeys;
}

/** Everything that is set of a trigger, as one form. */
export function TriggerEditor({ trigger, initial, newKeys }: Props) {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [saved, setSaved] = useState(initial);
  const [draft, setDraft] = useState(initial);
  const [name, setName] = useState(trigger);
  const mayWrite = useMay()("config.write");
  const isNew = trigger === "";
  const isDirty =
    JSON.stringify(inputOf(draft)) !== JSON.stringify(inputOf(saved)) ||
    (isNew && (name !== "" || newKeys.waiting.length > 0));
  useUnsavedGuard(isDirty);
  const change = (part: Partial<TriggerDraft>) => setDraft((before) => ({ ...before, ...part }));

  const save = useAction({
    run: async (sent: TriggerDraft) => {
      const input = inputOf(sent);
      if (!isNew) return workspace.triggers.put(trigger, input);
      const created = await createNamed(workspace.triggers, { name, field: "trigger", what: "trigger" }, input);
      if (sent.auth.type === "apiKeys") await newKeys.send(workspace, created.name);
      return created;
    },
    done: ({ name: of }) => (isNew ? `Trigger ${of} created.` : "Trigger saved."),
    refresh: [keyOf(workspace, "triggers")],
    onDone: (now, sent) => {
      if (isNew) {
        leaveFreely(() => navigate(`/triggers/${now.name}`, { replace: true }));
        return;
      }
      // A test message sent right after saving must use the new settings, not wait for the next load.
      queries.setQueryData(triggerQuery(workspace, trigger).queryKey, now);
      setSaved(sent);
    },
  });

  return (
    <Form label="Trigger" problem={save.error} onSubmit={() => save.mutate(draft)}>
      <PermissionNote permission="config.write" what="change triggers" />
      <Changeable isOn={mayWrite}>
        <BasicsSection name={name} onName={isNew ? setName : undefined} draft={draft} onChange={change} />
        <AuthSection
          trigger={trigger}
          auth={draft.auth}
          onChange={(part) => change({ auth: { ...draft.auth, ...part } })}
          newKeys={newKeys}
        />
        <DeliverySection draft={draft} onChange={change} />
        <QuerySection query={draft.query} onChange={(query) => change({ query })} />
        <Fold
          title="Data processing"
          summary={processingSummary(draft)}
          problem={save.error}
          paths={["input", "output"]}
          isOpenAtFirst={draft.input.template !== "" || draft.output.template !== ""}
        >
          <ProcessingFields draft={draft} onChange={change} />
        </Fold>
        <Fold
          title="Repeated messages and limits"
          summary={limitsSummary(draft)}
          problem={save.error}
          paths={["deduplicate", "maxConcurrency", "rate"]}
        >
          <LimitFields draft={draft} onChange={change} />
        </Fold>
        <Fold title="Handshake" summary={draft.handshake || "none"} problem={save.error} paths={["handshake"]}>
          <HandshakeFields draft={draft} onChange={change} />
        </Fold>
      </Changeable>
      {mayWrite && (
        <SaveBar
          isNew={isNew}
          isDirty={isDirty}
          isSaving={save.isPending}
          onDiscard={() => {
            save.reset();
            if (isNew) navigate("/triggers");
            else setDraft(saved);
          }}
        />
      )}
    </Form>
  );
}

function processingSummary({ input, output }: TriggerDraft): string {
  const set = [input.template !== "" && "an input template", output.template !== "" && "an output template"];
  return set.filter(Boolean).join(" and ") || "none: messages pass as they are";
}

function limitsSummary({ deduplicateKey, maxConcurrency, isOrdered, rateLimit, ratePerSeconds }: TriggerDraft): string {
  const set = [
    deduplicateKey !== "" && "repeats are recognised",
    maxConcurrency !== "" && !isOrdered && `${maxConcurrency} at a time`,
    rateLimit !== "" && `${rateLimit} in ${ratePerSeconds} s`,
  ];
  return set.filter(Boolean).join(", ") || "none";
}
