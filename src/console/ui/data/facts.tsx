import type { ReactNode } from "react";
import styles from "./facts.module.css";

export interface Fact {
  readonly name: string;
  /** What is undefined is left out. */
  readonly value: ReactNode;
  /** Needs a line of its own, such as a URL. */
  readonly isWide?: boolean;
}

/** What is known of something: names with values. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(({ value }) => value !== undefined)
        .map(({ name, value, isWide }) => (
          <div key={name} className={isWide ? styles.wide : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
