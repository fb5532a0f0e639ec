import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { LockKeyIcon, WarningIcon } from "@phosphor-icons/react";
import { useEffect, useRef } from "react";
import { bind } from "../../../ui/form/fields/bind.ts";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Stack } from "../../../ui/form/layout.tsx";
import { Section } from "../../../ui/page/page.tsx";
import { Keys } from "../keys/keys.tsx";
import type { NewKeys } from "../keys/use-new-keys.ts";
import { SignatureFields } from "./signature-fields.tsx";
import type { AuthDraft } from "./trigger-draft.ts";

interface Props {
  /** Name of the trigger; empty until it is saved. */
  readonly trigger: string;
  readonly auth: AuthDraft;
  readonly onChange: (part: Partial<AuthDraft>) => void;
  readonly newKeys: NewKeys;
}

type Type = Exclude<AuthDraft["type"], "none">;

const TYPES: Record<Type, string> = {
  apiKeys: "ApiKeys",
  basic: "User name and password (Basic)",
  signature: "Signature of the sender",
};

const HELP: Record<Type, string> = {
  apiKeys: "Each consumer sends a key of its own in the header x-api-key.",
  basic: "The consumer sends a user name and a password in the header Authorization.",
  signature: "The sender signs each message with a secret that only the two of you know, as most providers do.",
};

/** The authentication of callers. */
export function AuthSection({ trigger, auth, onChange, newKeys }: Props) {
  const fields = useRef<HTMLDivElement>(null);
  const isAdding = useRef(false);
  const { type } = auth;
  useEffect(() => {
    if (type !== "none" && isAdding.current) fields.current?.querySelector("button")?.focus();
    isAdding.current = false;
  }, [type]);

  if (type === "none") {
    return (
      <Section title="Authentication">
        <Stack>
          <Banner
            variant="alert"
            icon={<WarningIcon weight="fill" />}
            title="This webhook is completely open"
            description="Anyone who knows its URL can call it. Normally you do not want that."
          />
          <div>
            <Button
              icon={<LockKeyIcon />}
              onClick={() => {
                isAdding.current = true;
                onChange({ type: "apiKeys" });
              }}
            >
              Add authentication
            </Button>
          </div>
        </Stack>
      </Section>
    );
  }
  return (
    <Section
      title="Authentication"
      actions={
        <Button variant="ghost" size="sm" onClick={() => onChange({ type: "none" })}>
          Remove authentication
        </Button>
      }
    >
      <Stack ref={fields}>
        <SelectField
          path="auth.type"
          label="Type of authentication"
          help={HELP[type]}
          value={type}
          options={TYPES}
          onChange={(next) => onChange({ type: next })}
        />
        <TypeFields type={type} {...{ trigger, auth, onChange, newKeys }} />
      </Stack>
    </Section>
  );
}

function TypeFields({ type, trigger, auth, onChange, newKeys }: Props & { readonly type: Type }) {
  switch (type) {
    case "apiKeys":
      return <Keys trigger={trigger} newKeys={newKeys} />;
    case "basic":
      return <BasicFields auth={auth} onChange={onChange} />;
    case "signature":
      return <SignatureFields auth={auth} onChange={onChange} />;
  }
}

function BasicFields({ auth, onChange }: Pick<Props, "auth" | "onChange">) {
  const field = bind(auth, onChange, "auth.");
  return (
    <>
      <TextField {...field("username")} label="User name" />
      <SecretField {...field("passwordSecret")} label="Secret that is the password" />
    </>
  );
}
