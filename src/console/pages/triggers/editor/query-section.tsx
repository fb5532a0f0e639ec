import { Checkbox } from "@cloudflare/kumo/components/checkbox";
import { bind } from "../../../ui/form/fields/bind.ts";
import { TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { Rows } from "../../../ui/form/fields/rows.tsx";
import { Section } from "../../../ui/page/page.tsx";
import type { ParameterDraft } from "./trigger-draft.ts";
import styles from "./trigger-fields.module.css";

interface Props {
  readonly query: readonly ParameterDraft[];
  readonly onChange: (query: readonly ParameterDraft[]) => void;
}

const blank = (): ParameterDraft => ({ id: rowId(), name: "", hasDefault: false, default: "" });

/** The query parameters that the trigger takes, one by one. */
export function QuerySection({ query, onChange }: Props) {
  return (
    <Section title="Query parameters">
      <Rows
        label="Query parameters"
        isLabelHidden
        help="Only these are taken from the URL. They reach the flow through the input template below, as in {{ query.status }}."
        rows={query}
        onChange={onChange}
        add="Add query parameter"
        blank={blank}
        nameOf={({ name }, index) => `the query parameter ${name || index + 1}`}
      >
        {(row, change, index) => (
          <>
            <TextField {...bind(row, change, `query[${index}].`)("name")} label="Name" isCode />
            <div className={styles.withDefault}>
              <TextField
                path={`query[${index}].default`}
                label="Default value"
                placeholder={row.hasDefault ? "an empty text" : "none"}
                value={row.default}
                onChange={(value) => change({ default: value, hasDefault: value !== "" || row.hasDefault })}
              />
              <Checkbox
                label="Use the default when it is not sent"
                checked={row.hasDefault}
                onCheckedChange={(hasDefault) => change(hasDefault ? { hasDefault } : { hasDefault, default: "" })}
              />
            </div>
          </>
        )}
      </Rows>
    </Section>
  );
}
