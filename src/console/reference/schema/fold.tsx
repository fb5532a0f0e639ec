import type { ReactNode } from "react";
import styles from "./fold.module.css";

/** Details that only some readers want, closed under a title. */
export function Fold({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <details className={styles.fold}>
      <summary>{title}</summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
