import { Button } from "@cloudflare/kumo/components/button";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { makeSecret } from "../../ui/form/fields/make-secret.ts";
import { CopyButton } from "../../ui/text/copy-button.tsx";
import styles from "./shared-secret-field.module.css";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The secret that requests and callbacks are signed with: typed, or generated and copied to the adapter. */
export function SharedSecretField({ label, value, onChange }: Props) {
  return (
    <div className={styles.field}>
      <TextField
        path="shared_secret"
        label={label}
        help="Requests and callbacks are signed with it. The adapter has to know it too. It is stored encrypted, and nobody can read it again."
        type="password"
        value={value}
        onChange={onChange}
      />
      <span className={styles.tools}>
        <Button onClick={() => onChange(makeSecret())}>Generate</Button>
        {value !== "" && <CopyButton text={value} what="the shared secret" label="Copy" />}
      </span>
    </div>
  );
}
