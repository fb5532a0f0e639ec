import { useState } from "react";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { ConfigurationTable } from "./configuration-table.tsx";
import { type ConfigurationProps, labelOf } from "./flow-draft.ts";

/** The field for one key of an adapter's configuration, by the kind of its value. */
export function ConfigurationField(props: ConfigurationProps) {
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

function StringField({ path, definition, value, onChange }: ConfigurationProps) {
  return (
    <TextField
      path={path}
      label={labelOf(definition)}
      value={typeof value === "string" ? value : ""}
      onChange={(text) => onChange(text === "" && !definition.required ? undefined : text)}
    />
  );
}

/** Keeps the text as it is typed: a number that is half typed is not valid yet. */
function NumberField({ path, definition, value, onChange }: ConfigurationProps) {
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

function BooleanField({ path, definition, value, onChange }: ConfigurationProps) {
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
