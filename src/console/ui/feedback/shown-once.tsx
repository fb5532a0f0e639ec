import { Button } from "@cloudflare/kumo/components/button";
import type { ReactNode } from "react";
import { CopyButton } from "../text/copy-button.tsx";
import styles from "./shown-once.module.css";

interface Props {
  readonly label: string;
  readonly title: string;
  readonly values: readonly { readonly name: string; readonly value: string; readonly what: string }[];
  readonly onHide: () => void;
  /** Instructions for using the values, and for replacing lost ones. */
  readonly children: ReactNode;
}

/** Keys and tokens that were just created: the API returns their values only once. */
export function ShownOnce({ label, title, values, onHide, children }: Props) {
  return (
    <section className={styles.once} aria-label={label}>
      <p className={styles.title} role="status">
        {title}
      </p>
      <dl className={styles.values}>
        {values.map(({ name, value, what }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
              <CopyButton text={value} what={what} label="Copy" />
            </dd>
          </div>
        ))}
      </dl>
      <p>{children}</p>
      <div>
        <Button onClick={onHide}>{values.length === 1 ? "I have copied it" : "I have copied them"}</Button>
      </div>
    </section>
  );
}
