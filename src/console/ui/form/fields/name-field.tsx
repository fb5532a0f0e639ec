import type { ReactNode } from "react";
import { SelectField } from "./fields.tsx";

export interface NameFieldProps {
  readonly path: string;
  readonly label: string;
  readonly help?: ReactNode;
  /** The things to choose from; undefined until they are loaded. */
  readonly choices: readonly { readonly name: string }[] | undefined;
  /** The label of the option for none of them. */
  readonly none: string;
  /** The chosen name, even if nothing has this name any more; empty for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** Chooses something of the workspace by its name. */
export function NameField({ choices = [], none, value, ...field }: NameFieldProps) {
  const names = new Set([...choices.map(({ name }) => name), ...(value === "" ? [] : [value])]);
  const options = Object.fromEntries([["", none], ...[...names].map((name) => [name, name])]);
  return <SelectField {...field} value={value} options={options} />;
}
