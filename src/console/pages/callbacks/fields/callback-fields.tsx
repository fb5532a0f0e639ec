import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { Pair, Stack } from "../../../ui/form/layout.tsx";
import { Section } from "../../../ui/page/page.tsx";
import { ActivityFields } from "./activity-fields.tsx";
import { AnswerFields } from "./answer-fields.tsx";
import { type FieldsProps, optionsOf, type TimeUnit } from "./callback-draft.ts";
import { ChoiceField } from "./choice-field.tsx";

const UNITS: Record<TimeUnit, string> = { seconds: "Seconds", minutes: "Minutes", hours: "Hours", days: "Days" };

/** Every field of a callback. */
export function CallbackFields(props: FieldsProps) {
  return (
    <>
      <Section title="When it is called">
        <ActivityFields {...props} />
      </Section>
      <Section title="The answer">
        <AnswerFields {...props} />
      </Section>
      <Section title="Its URL">
        <UrlFields {...props} />
      </Section>
      <Section title="How often, and how long">
        <UseFields {...props} />
      </Section>
    </>
  );
}

function UrlFields({ draft, onChange }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <Pair>
      <TextField
        {...field("stateQueryParameter")}
        label="State query parameter"
        help={<FieldHelp of="callback" path="stateQueryParameter" />}
        isCode
      />
      <TextField
        {...field("alternativeDomain")}
        label="Alternative domain"
        help={<FieldHelp of="callback" path="alternativeDomain" />}
        placeholder="https://callbacks.example.com"
        isCode
      />
    </Pair>
  );
}

function UseFields({ draft, onChange, isPartial }: FieldsProps) {
  const field = bind(draft, onChange);
  const isMany = draft.allowMultipleCalls === "yes";
  return (
    <Stack>
      <Pair>
        <ChoiceField
          {...field("allowMultipleCalls")}
          label="Allow multiple calls?"
          help={<FieldHelp of="callback" path="allowMultipleCalls" />}
          isPartial={isPartial}
        />
        <ChoiceField
          {...field("retryableAfterError")}
          label="Retryable after error?"
          help={
            isMany
              ? "With multiple calls allowed it has no added value."
              : "On: it remains available when incorrect data is sent, and closes only after a successful call. Off: it can be called once, whatever comes of it."
          }
          isPartial={isPartial}
        />
        <ChoiceField
          {...field("confirm")}
          label="Ask a person to confirm?"
          help={<FieldHelp of="callback" path="confirm" />}
          isPartial={isPartial}
        />
      </Pair>
      <Pair>
        <SelectField
          {...field("replay")}
          label="When the same call comes again"
          help={<FieldHelp of="callback" path="replay" />}
          options={optionsOf(isPartial, { gone: "Refuse it (410 Gone)", "same-response": "Give the same answer" })}
        />
        <TextField
          {...field("expires", "expiresInSeconds")}
          label="Expires after"
          help={<FieldHelp of="callback" path="expiresInSeconds" />}
          type="number"
        />
        <SelectField {...field("expiresUnit")} label="Unit" options={UNITS} />
      </Pair>
    </Stack>
  );
}
