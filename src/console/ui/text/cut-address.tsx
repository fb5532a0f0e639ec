import { CopyButton } from "./copy-button.tsx";
import styles from "./cut-address.module.css";

interface Props {
  readonly url: string;
  /** As much of it as is shown; all of it when left out. */
  readonly shown?: string;
  /** The name of the URL, such as "the callback URL". */
  readonly what: string;
}

/** A URL in a cell of a table: cut where there is no room, and copied whole. */
export function CutAddress({ url, shown = url, what }: Props) {
  return (
    <span className={styles.url}>
      <span className={styles.address} title={url}>
        {shown}
      </span>
      <CopyButton text={url} what={what} />
    </span>
  );
}
