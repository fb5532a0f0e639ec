import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

interface Props {
  readonly icon?: ReactNode;
  /** Such as "No flows yet". */
  readonly title: string;
  /** The purpose of the list, and the first step. */
  readonly text: ReactNode;
  /** The button or link that does it. */
  readonly action?: ReactNode;
}

/** Shown instead of an empty list. */
export function EmptyState({ icon, title, text, action }: Props) {
  return (
    <div className={styles.empty}>
      {icon && (
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <h2>{title}</h2>
      <p className={styles.text}>{text}</p>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
