/** The input of the API for a draft: only the fields that are in use and differ from their defaults. */
import type { TriggerInput } from "../../../../client/index.ts";
import { type AuthDraft, NEEDS_SECRET, type TemplateDraft, type TriggerDraft } from "./trigger-draft.ts";

export function inputOf(draft: TriggerDraft): TriggerInput {
  const { isOrdered, laneKey, onFailure, isRequestResponse, timeoutSeconds, deduplicateKey } = draft;
  const { maxConcurrency, rateLimit, ratePerSeconds, handshake, handshakeSecret } = draft;
  const input = templateOf(draft.input);
  const output = templateOf(draft.output);
  return {
    flow: draft.flow,
    methods: [...draft.methods],
    auth: authOf(draft.auth),
    orderedDelivery: isOrdered ? { ...(laneKey !== "" && { key: laneKey }), onFailure } : false,
    requestResponse: isRequestResponse
      ? { ...(timeoutSeconds !== "" && { timeoutSeconds: Number(timeoutSeconds) }) }
      : false,
    query: draft.query.map(({ name, hasDefault, default: fallback }) => ({
      name,
      ...(hasDefault && { default: fallback }),
    })),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(deduplicateKey !== "" && { deduplicate: { key: deduplicateKey } }),
    ...(maxConcurrency !== "" && !isOrdered && { maxConcurrency: Number(maxConcurrency) }),
    ...((rateLimit !== "" || ratePerSeconds !== "") && {
      rate: { limit: Number(rateLimit), perSeconds: Number(ratePerSeconds) },
    }),
    ...(handshake !== "" && { handshake: handshakeOf(handshake, handshakeSecret) }),
  };
}

function authOf(auth: AuthDraft): NonNullable<TriggerInput["auth"]> {
  switch (auth.type) {
    case "none":
    case "apiKeys":
      return { type: auth.type };
    case "basic":
      return { type: auth.type, username: auth.username, passwordSecret: auth.passwordSecret };
    case "signature":
      return signatureOf(auth);
  }
}

function signatureOf({ scheme, ...auth }: AuthDraft): NonNullable<TriggerInput["auth"]> {
  const type = "signature" as const;
  const names = auth.secrets.map(({ name }) => name);
  const secret = names.length === 1 ? (names[0] ?? "") : names;
  if (scheme !== "hmac") return { type, scheme, secret };
  const { header, algorithm, encoding, prefix, payload, timestampHeader } = auth;
  const hmac = { type, scheme, secret, header, algorithm, encoding, prefix, payload };
  return timestampHeader === "" ? hmac : { ...hmac, timestampHeader };
}

function templateOf({ template, contentType }: TemplateDraft): TriggerInput["input"] {
  if (template === "") return undefined;
  return contentType === "" ? template : { template, contentType };
}

function handshakeOf(scheme: Exclude<TriggerDraft["handshake"], "">, secret: string): TriggerInput["handshake"] {
  return (NEEDS_SECRET[scheme] ? { scheme, secret } : { scheme }) as TriggerInput["handshake"];
}
