import type { CSSProperties } from "react";
import styles from "./legend.module.css";

interface Item {
  readonly label: string;
  /** What its swatch looks like. */
  readonly className?: string | undefined;
  readonly style?: CSSProperties;
}

/** What the colours of a picture mean; who cannot see the picture is told elsewhere. */
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
