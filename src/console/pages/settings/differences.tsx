import { ArrowRightIcon } from "@phosphor-icons/react";
import type { Difference } from "../../../client/index.ts";
import styles from "./differences.module.css";

/** The old and new value of each field. */
export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <dl className={styles.differences}>
      {differences.map((difference) => (
        <div key={difference.field}>
          <dt>{difference.field || "all of it"}</dt>
          <dd>
            <Value difference={difference} side="from" />
            <ArrowRightIcon aria-label="becomes" role="img" className={styles.arrow ?? ""} />
            <Value difference={difference} side="to" />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ difference, side }: { readonly difference: Difference; readonly side: "from" | "to" }) {
  // Absent differs from an empty text and from null.
  if (!Object.hasOwn(difference, side)) return <span className="subtle">not set</span>;
  const isGone = side === "from";
  const text = JSON.stringify(difference[side], null, 2);
  return isGone ? <del className={styles.from}>{text}</del> : <ins className={styles.to}>{text}</ins>;
}
