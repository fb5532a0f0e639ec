import { Button } from "@cloudflare/kumo/components/button";
import type { NewToken } from "../../../client/index.ts";
import { CopyButton } from "../../ui/text/copy-button.tsx";
import styles from "./issued-token.module.css";

interface Props {
  readonly token: NewToken;
  readonly onHide: () => void;
}

/** A token just issued, for the only time that it can be seen. */
export function IssuedToken({ token: { label, token }, onHide }: Props) {
  return (
    <section className={styles.issued} aria-label="The new token">
      <p className={styles.title} role="status">
        Copy the token {label} now: you will not see it again.
      </p>
      <p className={styles.value}>
        <code>{token}</code>
        <CopyButton text={token} what={`the token ${label}`} label="Copy" />
      </p>
      <p>
        It goes into the header <code>Authorization: Bearer …</code>, or into Basic authentication as the password with
        an empty user name. The gateway keeps only a fingerprint of it.
      </p>
      <div>
        <Button onClick={onHide}>I have copied it</Button>
      </div>
    </section>
  );
}
