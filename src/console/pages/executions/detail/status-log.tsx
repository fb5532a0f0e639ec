import type { StatusEntry } from "../../../../client/index.ts";
import { exactTime } from "../../../ui/text/time.tsx";
import styles from "./execution-log.module.css";

/** The history of the document status: each value with its time, author and reason. */
export function StatusLog({ entries }: { readonly entries: readonly StatusEntry[] }) {
  return (
    <ol className={styles.log}>
      {entries.map(({ at, documentStatus, technicalStatus, errorCode, by, text }) => (
        <li key={`${at}${documentStatus}`} className={styles.status}>
          <time dateTime={at} className="subtle">
            {exactTime(at)}
          </time>
          <strong>{[documentStatus, technicalStatus, errorCode].filter(Boolean).join(" · ")}</strong>
          <span>
            {by !== undefined && <span className="subtle">set by {by}</span>} {text}
          </span>
        </li>
      ))}
    </ol>
  );
}
