import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair } from "../../../ui/form/layout.tsx";
import { type Handshake, NEEDS_SECRET, type TriggerDraft } from "./trigger-draft.ts";

interface Props {
  readonly draft: TriggerDraft;
  readonly onChange: (part: Partial<TriggerDraft>) => void;
}

/** How many at once, how many in a time, and which ones are the same. */
export function LimitFields({ draft, onChange }: Props) {
  return (
    <>
      <TextField
        path="deduplicate.key"
        label="Recognise repeated messages by"
        help="A template over query, headers, body and method, such as {{ headers['x-github-delivery'] }}. The same value within 24 hours is the same message, and starts nothing anew. The header Idempotency-Key always does so."
        isCode
        value={draft.deduplicateKey}
        onChange={(deduplicateKey) => onChange({ deduplicateKey })}
      />
      <Pair>
        <TextField
          path="maxConcurrency"
          label="Executions at the same time, at most"
          help={
            draft.isOrdered
              ? "Ordered Delivery has one at a time already."
              : "Spares a system that cannot take many at once. Empty for no limit."
          }
          type="number"
          isDisabled={draft.isOrdered}
          value={draft.isOrdered ? "" : draft.maxConcurrency}
          onChange={(maxConcurrency) => onChange({ maxConcurrency })}
        />
        <TextField
          path="rate.limit"
          label="Executions started, at most"
          help="Together with the span beside it. Empty for no limit."
          type="number"
          value={draft.rateLimit}
          onChange={(rateLimit) => onChange({ rateLimit })}
        />
        <TextField
          path="rate.perSeconds"
          label="Within so many seconds"
          type="number"
          value={draft.ratePerSeconds}
          onChange={(ratePerSeconds) => onChange({ ratePerSeconds })}
        />
      </Pair>
    </>
  );
}

const HANDSHAKES: Record<Handshake | "", string> = {
  "": "None",
  meta: "Meta (WhatsApp, Facebook, Instagram)",
  slack: "Slack",
  "microsoft-graph": "Microsoft Graph",
  zoom: "Zoom",
  "x-crc": "X (challenge-response check)",
  cloudevents: "CloudEvents",
};

/** What a provider asks before it sends its first message. */
export function HandshakeFields({ draft, onChange }: Props) {
  return (
    <>
      <SelectField
        path="handshake.scheme"
        label="Handshake"
        help="Some providers ask a question before they send. The gateway answers it by itself; no execution begins."
        value={draft.handshake}
        options={HANDSHAKES}
        onChange={(handshake) => onChange({ handshake })}
      />
      {NEEDS_SECRET.includes(draft.handshake) && (
        <SecretField
          path="handshake.secret"
          label="Secret of the handshake"
          help={
            draft.handshake === "meta"
              ? "The verify token that you have given to Meta."
              : "The one that the provider shows."
          }
          value={draft.handshakeSecret}
          onChange={(handshakeSecret) => onChange({ handshakeSecret })}
        />
      )}
    </>
  );
}
