import type { ReactNode } from "react";
import { SelectField, SwitchField } from "../../../ui/form/fields/fields.tsx";
import type { Choice } from "./callback-draft.ts";

interface Props {
  readonly path: string;
  readonly label: string;
  readonly help: ReactNode;
  readonly value: Choice;
  readonly onChange: (value: Choice) => void;
  /** It may stay open: a configuration leaves to the request what it does not say. */
  readonly isPartial: boolean;
}

/** Yes or no; in a configuration also neither. */
export function ChoiceField({ value, onChange, isPartial, ...field }: Props) {
  if (!isPartial) {
    return <SwitchField {...field} value={value === "yes"} onChange={(is) => onChange(is ? "yes" : "no")} />;
  }
  return (
    <SelectField {...field} value={value} onChange={onChange} options={{ "": "Not set here", yes: "Yes", no: "No" }} />
  );
}
