import { Button } from "@cloudflare/kumo/components/button";
import { CopyButton } from "../../../ui/text/copy-button.tsx";
import styles from "./keys.module.css";
import type { NewKeys } from "./use-new-keys.ts";

/** Keys just made, for the only time that they can be seen. */
export function MadeKeys({ newKeys: { made, hide } }: { readonly newKeys: NewKeys }) {
  const shown = made.filter(({ isHidden }) => !isHidden);
  if (shown.length === 0) return null;
  const isOne = shown.length === 1;
  return (
    <div className={styles.made} role="status">
      <p className={styles.madeTitle}>
        {isOne
          ? "Copy the new key now: you will not see it again."
          : "Copy the new keys now: you will not see them again."}
      </p>
      <dl className={styles.madeList}>
        {shown.map(({ id, label, key }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>
              <code className={styles.madeKey}>{key}</code>
              <CopyButton text={key} what={`the key ${label}`} label="Copy" />
            </dd>
          </div>
        ))}
      </dl>
      <p>The gateway keeps only a fingerprint. A key that is lost is deleted, and another one added in its place.</p>
      <div>
        <Button onClick={hide}>{isOne ? "I have copied it" : "I have copied them"}</Button>
      </div>
    </div>
  );
}
