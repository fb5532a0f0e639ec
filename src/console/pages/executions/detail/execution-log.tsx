import { type Icon, InfoIcon, WarningCircleIcon, WarningIcon } from "@phosphor-icons/react";
import type { LogEntry } from "../../../../client/index.ts";
import { exactTime } from "../../../ui/text/time.tsx";
import styles from "./execution-log.module.css";

const LEVELS: Record<LogEntry["level"], { readonly icon: Icon; readonly className: string }> = {
  info: { icon: InfoIcon, className: "subtle" },
  warning: { icon: WarningIcon, className: "warn" },
  error: { icon: WarningCircleIcon, className: "bad" },
};

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** The log entries, oldest first. */
export function ExecutionLog({ log }: { readonly log: readonly LogEntry[] }) {
  if (log.length === 0) return <p className={styles.empty}>Nothing has been logged yet.</p>;
  const entries = log.map((entry, index) => ({ ...entry, id: index }));
  return (
    <ol className={styles.log}>
      {entries.map(({ id, at, level, step, message }) => {
        const { icon: Shape, className } = LEVELS[level];
        return (
          <li key={id} className={styles.entry}>
            <time dateTime={at} title={exactTime(at)} className={styles.time}>
              {clock.format(new Date(at))}
            </time>
            <span className={className}>
              <Shape weight="bold" aria-hidden="true" />
              <span className="hidden-visually">{level}</span>
            </span>
            <span className="subtle">{step}</span>
            <span className={styles.message}>{message}</span>
          </li>
        );
      })}
    </ol>
  );
}
