import styles from "./copied-text.module.css";
import { CopyButton } from "./copy-button.tsx";

interface Props {
  readonly text: string;
  /** The name of the text, such as "the callback URL". */
  readonly what: string;
}

/** A URL, id or key with a button that copies it. */
export function CopiedText({ text, what }: Props) {
  return (
    <span className={styles.text}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
