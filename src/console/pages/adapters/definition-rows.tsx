import { bind } from "../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
import { SelectField, SwitchField, TextField } from "../../ui/form/fields/fields.tsx";
import { Rows } from "../../ui/form/fields/rows.tsx";
import { blankDefinition, type DefinitionRow, type Kind } from "./adapter-draft.ts";
import styles from "./definition-rows.module.css";

const KINDS: Record<Kind, string> = { string: "Text", boolean: "Yes or no", number: "Number", table: "Table" };

interface Props {
  readonly rows: readonly DefinitionRow[];
  readonly onChange: (rows: readonly DefinitionRow[]) => void;
}

/** The definition of the configuration: its keys, and the kind of their values. */
export function DefinitionRows({ rows, onChange }: Props) {
  return (
    <Rows
      label="Configuration objects"
      isLabelHidden
      help={<FieldHelp of="adapter" path="configuration" />}
      rows={rows}
      onChange={onChange}
      add="Add key"
      blank={blankDefinition}
      nameOf={({ key }, index) => `the key ${key || index + 1}`}
    >
      {(row, change, index) => {
        const field = bind(row, change, `configuration[${index}].`);
        return (
          <>
            <TextField {...field("key")} label="Key" isCode />
            <TextField {...field("label")} label="Label" />
            <SelectField {...field("kind")} label="Kind" options={KINDS} />
            <div className={styles.required}>
              <SwitchField {...field("required")} label="Required" />
            </div>
            {row.kind === "table" && (
              <TextField
                {...field("columns")}
                label="Columns"
                help="Separated by commas. Empty: any columns."
                placeholder="src, dest"
                isCode
              />
            )}
          </>
        );
      }}
    </Rows>
  );
}
