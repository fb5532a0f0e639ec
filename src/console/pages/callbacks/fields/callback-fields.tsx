import { bind } from "../../../ui/form/fields/bind.ts";
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
        help="Empty: the URL is /cb/ and the state. With a name such as RelayState or state it is /cbq/name?name= and the state: for SAML or OAuth, where a URL is registered in advance and only a state can be sent along."
        isCode
      />
      <TextField
        {...field("alternativeDomain")}
        label="Alternative domain"
        help="A different domain for the callback URL, starting with https://. It must lead to this gateway."
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
          help="Off: it closes the moment it is called. On: it stays open until it expires or you close it."
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
          help="On: opening the URL shows a page with one button, and only the button uses it. That keeps link previews and mail scanners from using it up."
          isPartial={isPartial}
        />
      </Pair>
      <Pair>
        <SelectField
          {...field("replay")}
          label="When the same call comes again"
          help="Senders repeat calls whose answer they did not get. An identical call within 24 hours can have the same answer instead of a refusal."
          options={optionsOf(isPartial, { gone: "Refuse it (410 Gone)", "same-response": "Give the same answer" })}
        />
        <TextField
          {...field("expires", "expiresInSeconds")}
          label="Expires after"
          help="Empty: it does not expire. At most one year."
          type="number"
        />
        <SelectField {...field("expiresUnit")} label="Unit" options={UNITS} />
      </Pair>
    </Stack>
  );
}
