import { Button } from "@cloudflare/kumo/components/button";
import { PlusIcon, TrashIcon } from "@phosphor-icons/react";
import { type ReactNode, useEffect, useRef } from "react";
import styles from "./rows.module.css";

interface Props<Row extends { readonly id: string }> {
  /** Such as "Query parameters". */
  readonly label: string;
  /** The label is on the page already. */
  readonly isLabelHidden?: boolean;
  readonly help?: ReactNode;
  readonly rows: readonly Row[];
  readonly onChange: (rows: readonly Row[]) => void;
  /** The words on the button, such as "Add header". */
  readonly add: string;
  readonly blank: () => Row;
  /** The name of a row on its remove button, such as "the header accept". */
  readonly nameOf: (row: Row, index: number) => string;
  readonly children: (row: Row, change: (part: Partial<Row>) => void, index: number) => ReactNode;
}

/** Rows of fields that are added and removed one by one. */
export function Rows<Row extends { readonly id: string }>({
  label,
  isLabelHidden = false,
  help,
  rows,
  onChange,
  add,
  blank,
  nameOf,
  children,
}: Props<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isAdding = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new row is there when their number has changed.
  useEffect(() => {
    if (!isAdding.current) return;
    isAdding.current = false;
    list.current?.querySelector<HTMLElement>(":scope > li:last-child :is(input, textarea, button)")?.focus();
  }, [rows.length]);

  function remove(id: string) {
    onChange(rows.filter((row) => row.id !== id));
    button.current?.focus();
  }

  return (
    <fieldset className={styles.rows}>
      <legend className={isLabelHidden ? "hidden-visually" : styles.label}>{label}</legend>
      {help !== undefined && <p className={`subtle ${isLabelHidden ? "" : styles.help}`}>{help}</p>}
      {rows.length > 0 && (
        <ul ref={list} className={styles.list}>
          {rows.map((row, index) => (
            <li key={row.id} className={styles.row}>
              <div className={styles.fields}>
                {children(
                  row,
                  (part) => onChange(rows.map((one) => (one.id === row.id ? { ...one, ...part } : one))),
                  index,
                )}
              </div>
              <Button
                variant="ghost"
                shape="square"
                icon={<TrashIcon />}
                aria-label={`Remove ${nameOf(row, index)}`}
                className={styles.remove ?? ""}
                onClick={() => remove(row.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          ref={button}
          icon={<PlusIcon />}
          onClick={() => {
            isAdding.current = true;
            onChange([...rows, blank()]);
          }}
        >
          {add}
        </Button>
      </div>
    </fieldset>
  );
}
