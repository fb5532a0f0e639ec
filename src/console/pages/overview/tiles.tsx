import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "./tiles.module.css";

interface TileProps {
  readonly label: string;
  readonly value: ReactNode;
  /** A few words on the value. */
  readonly note?: ReactNode;
  /** The page with the details. */
  readonly href?: string;
  readonly tone?: "ok" | "bad" | "plain";
}

/** One number that people look for first. */
export function Tile({ label, value, note, href, tone = "plain" }: TileProps) {
  return (
    <div className={styles.tile}>
      <dt className="subtle small">
        {href ? (
          <Link href={href} className="covers">
            {label}
          </Link>
        ) : (
          label
        )}
      </dt>
      <dd className={`${styles.value} ${tone}`}>{value}</dd>
      {note !== undefined && <dd className="subtle tiny">{note}</dd>}
    </div>
  );
}

export function Tiles({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.tiles}>{children}</dl>;
}
