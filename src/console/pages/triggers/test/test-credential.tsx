import type { Trigger } from "../../../../client/index.ts";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import type { MadeKey } from "../keys/use-new-keys.ts";
import styles from "./test-panel.module.css";

interface Props {
  readonly auth: Trigger["auth"];
  readonly keys: readonly MadeKey[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The credential of the test message, which never leaves this page otherwise. */
export function TestCredential({ auth, keys, value, onChange }: Props) {
  switch (auth.type) {
    case "none":
      return null;
    case "apiKeys":
      return <KeyFields {...{ keys, value, onChange }} />;
    case "basic":
      return (
        <TextField
          path="credential"
          label={`Password of ${auth.username}`}
          help="The value of the secret; the console cannot read it."
          type="password"
          value={value}
          onChange={onChange}
        />
      );
    case "signature":
      return (
        <TextField
          path="credential"
          label="Value of the secret"
          help="The message is signed with it here in the browser; the console cannot read the stored one."
          type="password"
          value={value}
          onChange={onChange}
        />
      );
  }
}

function KeyFields({ keys, value, onChange }: Omit<Props, "auth">) {
  const chosen = keys.some(({ key }) => key === value) ? value : "";
  return (
    <div className={styles.key}>
      {keys.length > 0 && (
        <SelectField
          path="key"
          label="Key"
          value={chosen}
          options={{
            ...Object.fromEntries(keys.map(({ key, label }) => [key, `${label} (just added)`])),
            "": "Another key",
          }}
          onChange={(next) => onChange(next)}
        />
      )}
      {chosen === "" && (
        <TextField
          path="credential"
          label="API key"
          help="One of the trigger's keys. The console knows only those that were added a moment ago."
          type="password"
          value={value}
          onChange={onChange}
        />
      )}
    </div>
  );
}
