import { Button } from "@cloudflare/kumo/components/button";
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
        help="Requests and callbacks are signed with it, and the adapter has to know it too. It is stored encrypted and never shown again."
        type="password"
        value={value}
        onChange={onChange}
      />
    </Beside>
  );
}
