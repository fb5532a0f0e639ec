import type { ReactNode } from "react";
import styles from "./fold.module.css";

/** What only some readers want, under a line that says what it is. */
export function Fold({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <details className={styles.fold}>
      <summary>{title}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
