import type { DraftProps } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { Stack } from "../../../ui/form/layout.tsx";
import type { TemplateDraft, TriggerDraft } from "./trigger-draft.ts";

/** The templates that make the message of the request, and the result of what the flow ends with. */
export function ProcessingFields({ draft, onChange }: DraftProps<TriggerDraft>) {
  return (
    <>
      <p className="subtle">
        Templates are written in Liquid over query, body, headers, method and message. What they make is JSON when it
        reads as JSON, else text. Without templates messages and results pass as they are, byte for byte.
      </p>
      <MessageTemplate
        path="input"
        label="Input"
        help='Makes the message that the flow starts with; the only way for query parameters to reach it. Such as {"status": {{ query.status | json }}, "order": {{ body | json }}}'
        value={draft.input}
        onChange={(input) => onChange({ input })}
      />
      <MessageTemplate
        path="output"
        label="Output"
        help='Makes the result of what the flow ends with. Such as {"id": {{ message.workOrder | json }}}'
        value={draft.output}
        onChange={(output) => onChange({ output })}
      />
    </>
  );
}

interface TemplateProps {
  readonly path: "input" | "output";
  readonly label: string;
  readonly help: string;
  readonly value: TemplateDraft;
  readonly onChange: (value: TemplateDraft) => void;
}

function MessageTemplate({ path, label, help, value, onChange }: TemplateProps) {
  return (
    <Stack>
      <TextAreaField
        path={value.contentType === "" ? path : `${path}.template`}
        label={`${label} template`}
        help={help}
        isCode
        rows={4}
        value={value.template}
        onChange={(template) => onChange({ ...value, template })}
      />
      {value.template !== "" && (
        <TextField
          path={`${path}.contentType`}
          label={`Content type of the ${path}`}
          help={<FieldHelp of="trigger" path="input.contentType" />}
          isCode
          value={value.contentType}
          onChange={(contentType) => onChange({ ...value, contentType })}
        />
      )}
    </Stack>
  );
}
