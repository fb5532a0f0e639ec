import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon } from "@phosphor-icons/react";
import type { ReactNode } from "react";
import styles from "./choose-or-create.module.css";
import { SelectField } from "./fields.tsx";

interface Props {
  readonly path: string;
  readonly label: string;
  readonly help?: ReactNode;
  /** What there is to choose; undefined until it is loaded. */
  readonly choices: readonly { readonly name: string }[] | undefined;
  /** What is chosen when it is none. */
  readonly none: string;
  /** The name that is chosen, also when there is nothing of that name any more; empty for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  /** The words on the button. */
  readonly create: string;
  readonly onCreate: () => void;
  /** The dialog that the button opens. */
  readonly children: ReactNode;
}

/** Chooses something of the workspace by its name, with a button beside it to create what is not there yet. */
export function ChooseOrCreate({ choices = [], none, value, create, onCreate, children, ...field }: Props) {
  const names = new Set([...choices.map(({ name }) => name), ...(value === "" ? [] : [value])]);
  const options = Object.fromEntries([["", none], ...[...names].map((name) => [name, name])]);
  return (
    <div className={styles.field}>
      <SelectField {...field} value={value} options={options} />
      <Button icon={<PlusIcon />} className={styles.create ?? ""} onClick={onCreate}>
        {create}
      </Button>
      {children}
    </div>
  );
}
