import type { CSSProperties } from "react";
import styles from "./legend.module.css";

interface Item {
  readonly label: string;
  /** The class of its swatch. */
  readonly className?: string | undefined;
  readonly style?: CSSProperties;
}

/** The colours of a picture. Hidden from screen readers, like the picture. */
export function Legend({ items }: { readonly items: readonly Item[] }) {
  return (
    <ul className={styles.legend} aria-hidden="true">
      {items.map(({ label, className = "", style }) => (
        <li key={label}>
          <span className={`${styles.swatch} ${className}`} style={style} />
          {label}
        </li>
      ))}
    </ul>
  );
}
