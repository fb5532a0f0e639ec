import { SelectField, SwitchField, TextField } from "../../ui/form/fields/fields.tsx";
import { Rows } from "../../ui/form/fields/rows.tsx";
import { blankDefinition, type DefinitionRow, type Kind } from "./adapter-draft.ts";
import styles from "./definition-rows.module.css";

const KINDS: Record<Kind, string> = { string: "Text", boolean: "Yes or no", number: "Number", table: "Table" };

interface Props {
  readonly rows: readonly DefinitionRow[];
  readonly onChange: (rows: readonly DefinitionRow[]) => void;
}

/** What each flow tells the adapter: the keys of the configuration, and what values they take. */
export function DefinitionRows({ rows, onChange }: Props) {
  return (
    <Rows
      label="Configuration objects"
      isLabelHidden
      help="What each flow that uses the adapter is asked for. The adapter gets one key for each, with the flow's value."
      rows={rows}
      onChange={onChange}
      add="Add key"
      blank={blankDefinition}
      nameOf={({ key }, index) => `the key ${key || index + 1}`}
    >
      {({ key, kind, label, required, columns }, set, index) => (
        <>
          <TextField
            path={`configuration[${index}].key`}
            label="Key"
            isCode
            value={key}
            onChange={(next) => set({ key: next })}
          />
          <TextField
            path={`configuration[${index}].label`}
            label="Label"
            value={label}
            onChange={(next) => set({ label: next })}
          />
          <SelectField
            path={`configuration[${index}].kind`}
            label="Kind"
            value={kind}
            onChange={(next) => set({ kind: next })}
            options={KINDS}
          />
          <div className={styles.required}>
            <SwitchField
              path={`configuration[${index}].required`}
              label="Required"
              value={required}
              onChange={(next) => set({ required: next })}
            />
          </div>
          {kind === "table" && (
            <TextField
              path={`configuration[${index}].columns`}
              label="Columns"
              help="With commas between them; any when empty."
              placeholder="src, dest"
              isCode
              value={columns}
              onChange={(next) => set({ columns: next })}
            />
          )}
        </>
      )}
    </Rows>
  );
}
