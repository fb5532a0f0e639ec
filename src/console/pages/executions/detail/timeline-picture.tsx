import { Legend } from "../../../ui/chart/legend.tsx";
import { duration, exactTime } from "../../../ui/text/time.tsx";
import type { SegmentKind, Timeline } from "./timeline.ts";
import styles from "./timeline-picture.module.css";

const LEGEND: Record<SegmentKind, string> = {
  queue: "Queue",
  done: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  pause: "Pause",
  wait: "Waiting for a callback",
  now: "In progress",
};
const TICKS = 4;

/** The timeline as bars, and as a list for screen readers. */
export function TimelinePicture({ timeline }: { readonly timeline: Timeline }) {
  const { from, to, rows } = timeline;
  const share = (ms: number) => `${(ms / (to - from)) * 100}%`;
  const used = new Set(rows.flatMap(({ segments }) => segments.map(({ kind }) => kind)));
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => ((to - from) * index) / TICKS);
  return (
    <div>
      <div className={styles.picture} aria-hidden="true">
        {rows.map(({ name, segments }) => (
          <div key={name} className={styles.row}>
            <span className={styles.name} title={name}>
              {name}
            </span>
            <span className={styles.track}>
              {segments.map((segment) => (
                <span
                  key={`${segment.kind}${segment.from}${segment.to}`}
                  className={`${styles.segment} ${styles[segment.kind]}`}
                  style={{ left: share(segment.from - from), width: share(segment.to - segment.from) }}
                  title={`${segment.text} (${duration(segment.to - segment.from)})`}
                />
              ))}
            </span>
            <span className={styles.time}>{segments.length > 0 ? duration(sumOf(segments)) : "–"}</span>
          </div>
        ))}
        <div className={`${styles.row} ${styles.axis}`}>
          <span />
          <span className={styles.ticks}>
            {ticks.map((ms) => (
              <span key={ms}>{ms === 0 ? "0" : duration(ms)}</span>
            ))}
          </span>
          <span />
        </div>
      </div>
      <Legend items={[...used].map((kind) => ({ label: LEGEND[kind], className: styles[kind] }))} />
      <details className={styles.list}>
        <summary>Read the timeline as a list</summary>
        <ol>
          {rows.flatMap(({ name, segments }) =>
            segments.map(({ kind, from: start, to: end, text }) => (
              <li key={`${name}${kind}${start}${end}`}>
                {exactTime(start)}, {name}: {text} ({duration(end - start)})
              </li>
            )),
          )}
        </ol>
      </details>
    </div>
  );
}

const sumOf = (segments: readonly { from: number; to: number }[]) =>
  segments.reduce((sum, { from, to }) => sum + to - from, 0);
