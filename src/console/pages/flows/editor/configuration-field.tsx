import { useState } from "react";
import type { Adapter } from "../../../../client/index.ts";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { ConfigurationTable } from "./configuration-table.tsx";
import type { Configuration } from "./flow-draft.ts";

export type Definition = Adapter["configuration"][number];
export type Value = Configuration[string];

interface Props {
  readonly path: string;
  readonly definition: Definition;
  readonly value: Value | undefined;
  /** Undefined for not set. */
  readonly onChange: (value: Value | undefined) => void;
}

/** One key of an adapter's configuration, in the form of its kind. */
export function ConfigurationField(props: Props) {
  switch (props.definition.kind) {
    case "string":
      return <StringField {...props} />;
    case "number":
      return <NumberField {...props} />;
    case "boolean":
      return <BooleanField {...props} />;
    case "table":
      return <ConfigurationTable {...props} />;
  }
}

export const labelOf = ({ label, required }: Definition) => (required ? label : `${label} (optional)`);

function StringField({ path, definition, value, onChange }: Props) {
  return (
    <TextField
      path={path}
      label={labelOf(definition)}
      value={typeof value === "string" ? value : ""}
      onChange={(text) => onChange(text === "" && !definition.required ? undefined : text)}
    />
  );
}

/** The text is kept as it is typed: half of a number is none yet. */
function NumberField({ path, definition, value, onChange }: Props) {
  const [text, setText] = useState(typeof value === "number" ? String(value) : "");
  return (
    <TextField
      path={path}
      label={labelOf(definition)}
      type="number"
      value={text}
      onChange={(next) => {
        setText(next);
        onChange(next === "" ? undefined : Number(next));
      }}
    />
  );
}

function BooleanField({ path, definition, value, onChange }: Props) {
  return (
    <SelectField
      path={path}
      label={labelOf(definition)}
      value={typeof value === "boolean" ? (value ? "yes" : "no") : "unset"}
      options={{ unset: "Not set", yes: "Yes", no: "No" }}
      onChange={(next) => onChange(next === "unset" ? undefined : next === "yes")}
    />
  );
}
