import type { ReactNode } from "react";
import styles from "./heading.module.css";

interface Props {
  /** The kind of thing, such as "Callback". */
  readonly what: string;
  /** Its id or name. */
  readonly name: string;
  /** Beside the name: a button that copies it, its status. */
  readonly children?: ReactNode;
}

/** The heading of a page about one thing that has no name but an id. */
export function Heading({ what, name, children }: Props) {
  return (
    <span className="row">
      <span>
        {what} <span className={styles.name}>{name}</span>
      </span>
      {children}
    </span>
  );
}
