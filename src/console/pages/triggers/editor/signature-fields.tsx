import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon, TrashIcon } from "@phosphor-icons/react";
import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair } from "../../../ui/form/layout.tsx";
import type { AuthDraft, Scheme } from "./trigger-draft.ts";
import styles from "./trigger-fields.module.css";

interface Props {
  readonly auth: AuthDraft;
  readonly onChange: (part: Partial<AuthDraft>) => void;
}

const SCHEMES: Record<Scheme, string> = {
  "standard-webhooks": "Standard Webhooks",
  github: "GitHub",
  stripe: "Stripe",
  shopify: "Shopify",
  slack: "Slack",
  chainio: "Chain.io",
  hmac: "Any other HMAC",
};

/** Most secrets that may have signed. */
const MOST_SECRETS = 5;

/** How the sender signs, and with what. */
export function SignatureFields({ auth, onChange }: Props) {
  const { scheme, secrets } = auth;
  return (
    <>
      <SelectField
        path="auth.scheme"
        label="Signature scheme"
        help={<FieldHelp of="trigger" path="auth.scheme" />}
        value={scheme}
        options={SCHEMES}
        onChange={(next) => onChange({ scheme: next })}
      />
      {secrets.map((secret, index) => (
        <div key={secret.id} className={styles.secret}>
          <SecretField
            path={secrets.length === 1 ? "auth.secret" : `auth.secret[${index}]`}
            label={index === 0 ? "Secret" : `Secret ${index + 1}`}
            value={secret.name}
            onChange={(name) => onChange({ secrets: secrets.map((one) => (one === secret ? { ...one, name } : one)) })}
            {...(scheme === "standard-webhooks" && {
              valueHelp: "whsec_ and the key in base64, as the sender shows it.",
            })}
          />
          {secrets.length > 1 && (
            <Button
              variant="ghost"
              shape="square"
              icon={<TrashIcon />}
              aria-label={`Remove secret ${index + 1}`}
              className={styles.besideControl ?? ""}
              onClick={() => onChange({ secrets: secrets.filter((one) => one !== secret) })}
            />
          )}
        </div>
      ))}
      {secrets.length < MOST_SECRETS && (
        <div>
          <Button icon={<PlusIcon />} onClick={() => onChange({ secrets: [...secrets, { id: rowId(), name: "" }] })}>
            Add a second secret while it is rotated
          </Button>
        </div>
      )}
      {scheme === "hmac" && <HmacFields auth={auth} onChange={onChange} />}
    </>
  );
}

function HmacFields({ auth, onChange }: Props) {
  const field = bind(auth, onChange, "auth.");
  return (
    <Pair>
      <TextField {...field("header")} label="Header of the signature" placeholder="x-signature" isCode />
      <TextField
        {...field("prefix")}
        label="What stands before the signature"
        help="Empty for nothing; such as sha256="
        isCode
      />
      <SelectField
        {...field("algorithm")}
        label="Algorithm"
        options={{ sha1: "HMAC-SHA1", sha256: "HMAC-SHA256", sha512: "HMAC-SHA512" }}
      />
      <SelectField {...field("encoding")} label="Encoding" options={{ hex: "Hex", base64: "Base64" }} />
      <TextField
        {...field("payload")}
        label="What is signed"
        help={<FieldHelp of="trigger" path="auth.payload" />}
        isCode
      />
      <TextField
        {...field("timestampHeader")}
        label="Header of the time of signing"
        help={<FieldHelp of="trigger" path="auth.timestampHeader" />}
        isCode
      />
    </Pair>
  );
}
