import { useState } from "react";
import { useLocation } from "wouter";
import { ApiProblem } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { createNamed } from "../../../data/create-named.ts";
import { useMay } from "../../../data/permissions.ts";
import { keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { PermissionNote } from "../../../ui/feedback/permission-note.tsx";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { Form } from "../../../ui/form/form.tsx";
import { Changeable } from "../../../ui/form/layout.tsx";
import { SaveBar } from "../../../ui/form/save-bar.tsx";
import { leaveFreely, useUnsavedGuard } from "../../../ui/form/unsaved-guard.ts";
import { Section } from "../../../ui/page/page.tsx";
import { PreviewContext } from "../../../ui/template/rendered.tsx";
import type { StepDraft } from "./flow-draft.ts";
import { gathered, inputOf, stateOf } from "./flow-input.ts";
import { NO_PREVIEW, usePreview } from "./preview.ts";
import { PreviewSection } from "./preview-section.tsx";
import { StepList } from "./step-list.tsx";

interface Props {
  /** Empty for a flow that is not saved yet. */
  readonly flow: string;
  readonly initial: readonly StepDraft[];
  /** Name of a trigger that starts it, for previews. */
  readonly trigger: string;
}

/** A flow as one form: its steps, and what their templates make of a message. */
export function FlowEditor({ flow, initial, trigger }: Props) {
  const workspace = useWorkspace();
  const [, navigate] = useLocation();
  const [name, setName] = useState(flow);
  const [saved, setSaved] = useState(initial);
  const [steps, setSteps] = useState(initial);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    new Set(initial.length === 1 ? initial.map(({ id }) => id) : []),
  );
  const [settings, setSettings] = useState(NO_PREVIEW);
  const preview = usePreview(settings, trigger);
  const mayWrite = useMay()("config.write");
  const isNew = flow === "";
  const isDirty = stateOf(steps) !== stateOf(saved) || name !== flow;
  useUnsavedGuard(isDirty);

  /** Fields in folded forms are brought into sight before the form looks for them. */
  function openWrong(error: unknown) {
    if (!(error instanceof ApiProblem)) return;
    const wrong = steps.filter((_, index) => error.errors.some(({ field }) => field.startsWith(`steps[${index}]`)));
    setOpen((before) => new Set([...before, ...wrong.map(({ id }) => id)]));
  }

  const save = useAction({
    run: async (sent: readonly StepDraft[]) => {
      try {
        const input = inputOf(sent);
        if (!isNew) return await workspace.flows.put(flow, input);
        return await createNamed(workspace.flows, { name, field: "flow", what: "flow" }, input);
      } catch (error) {
        openWrong(error);
        throw gathered(error);
      }
    },
    done: isNew ? `Flow ${name} created.` : "Flow saved. Executions that begin from now on use it.",
    refresh: [keyOf(workspace, "flows")],
    onDone: (now, sent) => {
      if (isNew) {
        leaveFreely(() => navigate(`/flows/${now.name}`, { replace: true }));
        return;
      }
      setSaved(sent);
    },
  });

  return (
    <PreviewContext value={preview.values}>
      <Form label="Flow" problem={save.error} onSubmit={() => save.mutate(steps)}>
        <PermissionNote permission="config.write" what="change flows" />
        {isNew && (
          <Section title="Flow">
            <TextField
              path="flow"
              label="Name"
              help="Triggers and callbacks name it so: letters, digits, dots, hyphens and underscores. It cannot be changed later."
              isCode
              value={name}
              onChange={setName}
            />
          </Section>
        )}
        <Section title="Steps">
          <Changeable isOn={mayWrite}>
            <StepList
              steps={steps}
              onChange={setSteps}
              open={mayWrite ? open : new Set(steps.map(({ id }) => id))}
              onOpen={setOpen}
            />
          </Changeable>
        </Section>
        <PreviewSection
          flow={flow}
          settings={settings}
          onChange={(part) => setSettings((before) => ({ ...before, ...part }))}
          preview={preview}
        />
        {mayWrite && (
          <SaveBar
            isNew={isNew}
            isDirty={isDirty}
            isSaving={save.isPending}
            onDiscard={() => {
              save.reset();
              if (isNew) navigate("/flows");
              else setSteps(saved);
            }}
          />
        )}
      </Form>
    </PreviewContext>
  );
}
