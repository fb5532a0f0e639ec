import type { StatusEntry } from "../../../../client/index.ts";
import { exactTime } from "../../../ui/text/time.tsx";
import styles from "./status-log.module.css";

/** Who set which document status, when and why. */
export function StatusLog({ entries }: { readonly entries: readonly StatusEntry[] }) {
  return (
    <ol className={styles.log}>
      {entries.map(({ at, documentStatus, technicalStatus, errorCode, by, text }) => (
        <li key={`${at}${documentStatus}`} className={styles.entry}>
          <time dateTime={at} className={styles.time}>
            {exactTime(at)}
          </time>
          <span className={styles.status}>
            {[documentStatus, technicalStatus, errorCode].filter(Boolean).join(" · ")}
          </span>
          <span className={styles.text}>
            {by !== undefined && <span className="subtle">set by {by}</span>} {text}
          </span>
        </li>
      ))}
    </ol>
  );
}
