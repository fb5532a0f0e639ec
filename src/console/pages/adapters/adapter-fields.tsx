/** Every field of an adapter but its secret. */

import { bind, type DraftProps } from "../../ui/form/fields/bind.ts";
import { SelectField, TextField } from "../../ui/form/fields/fields.tsx";
import { Pair, Stack } from "../../ui/form/layout.tsx";
import { Section } from "../../ui/page/page.tsx";
import type { AdapterDraft } from "./adapter-draft.ts";
import { DefinitionRows } from "./definition-rows.tsx";

type FieldsProps = DraftProps<AdapterDraft>;

export function AdapterFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <Section title="Adapter">
        <MainFields draft={draft} onChange={onChange} />
      </Section>
      <Section title="Configuration">
        <DefinitionRows rows={draft.configuration} onChange={(configuration) => onChange({ configuration })} />
      </Section>
      <Section title="Limits">
        <LimitFields draft={draft} onChange={onChange} />
      </Section>
    </>
  );
}

function MainFields({ draft, onChange }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <Stack>
      <Pair>
        <TextField {...field("name")} label="Name" help="What flows and people call it." />
        <SelectField
          {...field("type")}
          label="Type"
          help={
            draft.type === "input"
              ? "It gets the raw input files, and makes of them what the flow works with."
              : "It gets what an input adapter has produced, for the solution that it is registered to."
          }
          options={{ input: "Input adapter", output: "Output adapter" }}
        />
      </Pair>
      {draft.type === "output" && (
        <TextField
          {...field("solution")}
          label="Solution"
          help="What the output adapter is registered to."
          placeholder="co2.register_shipment"
          isCode
        />
      )}
      <TextField
        {...field("webhookUrl", "webhook_url")}
        label="Webhook URL"
        help="Where the signed requests are sent, by POST."
        placeholder="https://"
        isCode
      />
    </Stack>
  );
}

function LimitFields({ draft, onChange }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <Pair>
      <TextField
        {...field("timeout", "timeout_seconds")}
        label="Answers within (seconds)"
        help="For the whole answer. After that the execution stops as a bug: the service was unresponsive."
        type="number"
      />
      <TextField
        {...field("maxMebibytes", "max_response_bytes")}
        label="Largest answer (MiB)"
        help="For answers and callbacks alike, at most 600. A larger one stops the execution as an error."
        type="number"
      />
      <TextField
        {...field("tokenMinutes", "token_ttl_seconds")}
        label="Callback awaited for (minutes)"
        help="How long the callback token is good. After that the execution stops as a bug."
        type="number"
      />
    </Pair>
  );
}
