/** Every field of an adapter but its secret. */

import { bind, type DraftProps } from "../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
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
        <TextField {...field("name")} label="Name" help={<FieldHelp of="adapter" path="name" />} />
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
          help={<FieldHelp of="adapter" path="solution" />}
          placeholder="co2.register_shipment"
          isCode
        />
      )}
      <TextField
        {...field("webhookUrl", "webhook_url")}
        label="Webhook URL"
        help={<FieldHelp of="adapter" path="webhook_url" />}
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
        help={<FieldHelp of="adapter" path="timeout_seconds" />}
        type="number"
      />
      <TextField
        {...field("maxMebibytes", "max_response_bytes")}
        label="Largest answer (MiB)"
        help={<FieldHelp of="adapter" path="max_response_bytes" />}
        type="number"
      />
      <TextField
        {...field("tokenMinutes", "token_ttl_seconds")}
        label="Callback awaited for (minutes)"
        help={<FieldHelp of="adapter" path="token_ttl_seconds" />}
        type="number"
      />
    </Pair>
  );
}
