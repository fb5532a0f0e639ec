import type { ReactNode } from "react";
import styles from "./facts.module.css";

export interface Fact {
  readonly name: string;
  /** The fact is left out when this is undefined or empty. */
  readonly value: ReactNode;
  /** Takes a whole row, such as a URL. */
  readonly isWide?: boolean;
}

interface Props {
  readonly facts: readonly Fact[];
  /** In a frame of its own, outside a section. */
  readonly isFramed?: boolean;
}

/** Names with values. */
export function Facts({ facts, isFramed = false }: Props) {
  return (
    <dl className={`${styles.facts} ${isFramed ? styles.framed : ""}`}>
      {facts
        .filter(({ value }) => value !== undefined && value !== "")
        .map(({ name, value, isWide }) => (
          <div key={name} className={isWide ? styles.wide : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
