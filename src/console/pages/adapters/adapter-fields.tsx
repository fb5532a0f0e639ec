/** Every field of an adapter but its secret. */
import { SelectField, TextField } from "../../ui/form/fields/fields.tsx";
import { Pair, Stack } from "../../ui/form/layout.tsx";
import { Section } from "../../ui/page/page.tsx";
import type { AdapterDraft } from "./adapter-draft.ts";
import { DefinitionRows } from "./definition-rows.tsx";

export interface FieldsProps {
  readonly draft: AdapterDraft;
  readonly change: (part: Partial<AdapterDraft>) => void;
}

export function AdapterFields({ draft, change }: FieldsProps) {
  return (
    <>
      <Section title="Adapter">
        <MainFields draft={draft} change={change} />
      </Section>
      <Section title="Configuration">
        <DefinitionRows rows={draft.configuration} onChange={(configuration) => change({ configuration })} />
      </Section>
      <Section title="Limits">
        <LimitFields draft={draft} change={change} />
      </Section>
    </>
  );
}

function MainFields({ draft, change }: FieldsProps) {
  return (
    <Stack>
      <Pair>
        <TextField
          path="name"
          label="Name"
          help="What flows and people call it."
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <SelectField
          path="type"
          label="Type"
          help={
            draft.type === "input"
              ? "It gets the raw input files, and makes of them what the flow works with."
              : "It gets what an input adapter has produced, for the solution that it is registered to."
          }
          value={draft.type}
          onChange={(type) => change({ type })}
          options={{ input: "Input adapter", output: "Output adapter" }}
        />
      </Pair>
      {draft.type === "output" && (
        <TextField
          path="solution"
          label="Solution"
          help="What the output adapter is registered to."
          placeholder="co2.register_shipment"
          isCode
          value={draft.solution}
          onChange={(solution) => change({ solution })}
        />
      )}
      <TextField
        path="webhook_url"
        label="Webhook URL"
        help="Where the signed requests are sent, by POST."
        placeholder="https://"
        isCode
        value={draft.webhookUrl}
        onChange={(webhookUrl) => change({ webhookUrl })}
      />
    </Stack>
  );
}

function LimitFields({ draft, change }: FieldsProps) {
  return (
    <Pair>
      <TextField
        path="timeout_seconds"
        label="Answers within (seconds)"
        help="For the whole answer. After that the execution stops as a bug: the service was unresponsive."
        type="number"
        value={draft.timeout}
        onChange={(timeout) => change({ timeout })}
      />
      <TextField
        path="max_response_bytes"
        label="Largest answer (MiB)"
        help="For answers and callbacks alike, at most 600. A larger one stops the execution as an error."
        type="number"
        value={draft.maxMebibytes}
        onChange={(maxMebibytes) => change({ maxMebibytes })}
      />
      <TextField
        path="token_ttl_seconds"
        label="Callback awaited for (minutes)"
        help="How long the callback token is good. After that the execution stops as a bug."
        type="number"
        value={draft.tokenMinutes}
        onChange={(tokenMinutes) => change({ tokenMinutes })}
      />
    </Pair>
  );
}
