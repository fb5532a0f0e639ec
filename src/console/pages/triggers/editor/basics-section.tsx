import { Checkbox } from "@cloudflare/kumo/components/checkbox";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { createNamed } from "../../../data/create-named.ts";
import { flowsQuery, keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import type { DraftProps } from "../../../ui/form/fields/bind.ts";
import { ChooseOrCreate } from "../../../ui/form/fields/choose-or-create.tsx";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../../ui/form/form-dialog.tsx";
import { Stack } from "../../../ui/form/layout.tsx";
import { useFieldProblem } from "../../../ui/form/problems.tsx";
import { Section } from "../../../ui/page/page.tsx";
import { TextLink } from "../../../ui/text/text-link.tsx";
import { METHODS, type Method, type TriggerDraft } from "./trigger-draft.ts";
import styles from "./trigger-fields.module.css";

interface Props extends DraftProps<TriggerDraft> {
  /** Undefined for a saved trigger: its name cannot change. */
  readonly onName: ((name: string) => void) | undefined;
  readonly name: string;
}

/** Name, flow, methods. */
export function BasicsSection({ name, onName, draft, onChange }: Props) {
  const workspace = useWorkspace();
  return (
    <Section title="Webhook">
      <Stack>
        {onName && (
          <TextField
            path="trigger"
            label="Name"
            help={`The end of the URL: /${workspace.name}/${name || "CreateCustomerRecord"}. Letters, digits, dots, hyphens and underscores; it cannot be changed later.`}
            isCode
            value={name}
            onChange={onName}
          />
        )}
        <FlowField value={draft.flow} onChange={(flow) => onChange({ flow })} />
        <MethodsField value={draft.methods} onChange={(methods) => onChange({ methods })} />
      </Stack>
    </Section>
  );
}

function FlowField({ value, onChange }: { readonly value: string; readonly onChange: (flow: string) => void }) {
  const flows = useQuery(flowsQuery(useWorkspace()));
  const [isCreating, setCreating] = useState(false);
  return (
    <ChooseOrCreate
      path="flow"
      label="Flow"
      help={
        value === "" ? (
          "What is done with each message: a list of steps."
        ) : (
          <>
            What is done with each message. <TextLink href={`/flows/${value}`}>Look at the flow</TextLink>
          </>
        )
      }
      choices={flows.data}
      none="Choose a flow"
      value={value}
      onChange={onChange}
      create="New flow"
      onCreate={() => setCreating(true)}
    >
      {isCreating && <NewFlowDialog onClose={() => setCreating(false)} onCreated={onChange} />}
    </ChooseOrCreate>
  );
}

interface DialogProps {
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
}

/** An empty flow, so that the trigger can be saved; its steps come later. */
function NewFlowDialog({ onClose, onCreated }: DialogProps) {
  const workspace = useWorkspace();
  const [name, setName] = useState("");
  const create = useAction({
    run: () => createNamed(workspace.flows, { name, field: "flow", what: "flow" }, { steps: [] }),
    done: `Flow ${name} created. It has no steps yet.`,
    refresh: [keyOf(workspace, "flows")],
    onDone: () => {
      onCreated(name);
      onClose();
    },
  });
  return (
    <FormDialog
      submit="Create flow"
      title="New flow"
      onClose={onClose}
      action={create}
      onSubmit={() => create.mutate()}
    >
      <TextField
        path="flow"
        label="Name of the flow"
        help="It begins without steps and hands back each message as it came. Add its steps on its own page."
        isCode
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}

interface MethodsProps {
  readonly value: readonly Method[];
  readonly onChange: (methods: readonly Method[]) => void;
}

function MethodsField({ value, onChange }: MethodsProps) {
  const problem = useFieldProblem("methods");
  return (
    <Checkbox.Group
      legend="Methods"
      description="The HTTP methods by which it may be called; every other one is answered 405."
      value={[...value]}
      onValueChange={(next) => onChange(METHODS.filter((method) => next.includes(method)))}
      {...(problem !== undefined && { error: problem })}
    >
      <div className={styles.choices}>
        {METHODS.map((method) => (
          <Checkbox.Item key={method} value={method} label={method} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
