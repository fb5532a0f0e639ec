import type { ReactNode, Ref } from "react";
import styles from "./layout.module.css";

interface Props {
  readonly children: ReactNode;
}

/** Fields below each other. */
export function Stack({ ref, children }: Props & { readonly ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className={styles.stack}>
      {children}
    </div>
  );
}

/** Fields beside each other where there is room. */
export function Pair({ children }: Props) {
  return <div className={styles.pair}>{children}</div>;
}

/** A field with buttons beside its control, which is below its label. */
export function Beside({ tools, children }: Props & { readonly tools: ReactNode }) {
  return (
    <div className={styles.beside}>
      {children}
      <span className={styles.tools}>{tools}</span>
    </div>
  );
}

/** Fields that belong to the switch above them. */
export function Under({ children }: Props) {
  return <div className={styles.under}>{children}</div>;
}

/** Fields with a common label. */
export function Group({ legend, children }: Props & { readonly legend: string }) {
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{legend}</legend>
      {children}
    </fieldset>
  );
}

/** The fields of a form; all of them are disabled without the permission to change them. */
export function Changeable({ isOn, children }: Props & { readonly isOn: boolean }) {
  return (
    <fieldset className={styles.fields} disabled={!isOn}>
      {children}
    </fieldset>
  );
}
