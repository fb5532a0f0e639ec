import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { Rendered } from "../../../ui/template/rendered.tsx";
import type { TransformDraft } from "./flow-draft.ts";

interface Props {
  readonly step: TransformDraft;
  /** Path of the step in the flow, such as `steps[0]`. */
  readonly path: string;
  readonly onChange: (part: Partial<Omit<TransformDraft, "type">>) => void;
}

export function TransformStepFields({ step, path, onChange }: Props) {
  const field = bind(step, onChange, `${path}.`);
  return (
    <>
      <div>
        <TextAreaField
          {...field("template")}
          label="Template"
          help='Liquid over message, execution and trigger, such as {"customer": {{ message.customer.name | json }}}. What it makes is the message for the next step.'
          isCode
          rows={8}
        />
        <Rendered what="message" source={step.template} message={{ contentType: step.contentType }} />
      </div>
      <TextField
        {...field("contentType")}
        label="Content type"
        help={<FieldHelp of="flow" path="steps[].contentType" />}
        isCode
      />
    </>
  );
}
