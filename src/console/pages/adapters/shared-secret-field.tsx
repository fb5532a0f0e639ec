import { Button } from "@cloudflare/kumo/components/button";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { makeSecret } from "../../ui/form/fields/make-secret.ts";
import { Beside } from "../../ui/form/layout.tsx";
import { CopyButton } from "../../ui/text/copy-button.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The secret that signs requests and callbacks: typed, or generated and copied to the adapter. */
export function SharedSecretField({ label, value, onChange }: Props) {
  return (
    <Beside
      tools={
        <>
          <Button onClick={() => onChange(makeSecret())}>Generate</Button>
          {value !== "" && <CopyButton text={value} what="the shared secret" label="Copy" />}
        </>
      }
    >
      <TextField
        path="shared_secret"
        label={label}
        help={<FieldHelp of="adapter" path="shared_secret" />}
        type="password"
        value={value}
        onChange={onChange}
      />
    </Beside>
  );
}
