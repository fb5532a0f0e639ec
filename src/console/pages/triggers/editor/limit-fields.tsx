import { bind, type DraftProps } from "../../../ui/form/fields/bind.ts";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair } from "../../../ui/form/layout.tsx";
import { type Handshake, NEEDS_SECRET, type TriggerDraft } from "./trigger-draft.ts";

/** Deduplication, concurrency and rate limit. */
export function LimitFields({ draft, onChange }: DraftProps<TriggerDraft>) {
  const field = bind(draft, onChange);
  return (
    <>
      <TextField
        {...field("deduplicateKey", "deduplicate.key")}
        label="Recognise repeated messages by"
        help="A template over query, headers, body and method, such as {{ headers['x-github-delivery'] }}. The same value within 24 hours is the same message, and starts nothing anew. The header Idempotency-Key always does so."
        isCode
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
          {...field("rateLimit", "rate.limit")}
          label="Executions started, at most"
          help="Together with the span beside it. Empty for no limit."
          type="number"
        />
        <TextField {...field("ratePerSeconds", "rate.perSeconds")} label="Within so many seconds" type="number" />
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

/** The handshake with a provider before its first message. */
export function HandshakeFields({ draft, onChange }: DraftProps<TriggerDraft>) {
  const field = bind(draft, onChange);
  return (
    <>
      <SelectField
        {...field("handshake", "handshake.scheme")}
        label="Handshake"
        help="Some providers ask a question before they send. The gateway answers it by itself; no execution begins."
        options={HANDSHAKES}
      />
      {NEEDS_SECRET[draft.handshake] && (
        <SecretField
          {...field("handshakeSecret", "handshake.secret")}
          label="Secret of the handshake"
          help={
            draft.handshake === "meta"
              ? "The verify token that you have given to Meta."
              : "The one that the provider shows."
          }
        />
      )}
    </>
  );
}
