import type { ReactNode } from "react";
import styles from "./frame.module.css";

/** A surface for a table that is the whole of a page. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return <div className={styles.frame}>{children}</div>;
}
