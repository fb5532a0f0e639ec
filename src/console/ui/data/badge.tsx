import type { Icon } from "@phosphor-icons/react";
import type { ReactNode } from "react";
import styles from "./badge.module.css";

export type Tone = "ok" | "bad" | "warn" | "busy" | "idle";

interface Props {
  readonly tone: Tone;
  /** Has the same meaning as the colour, for people who do not see it. */
  readonly icon: Icon;
  readonly children: ReactNode;
}

/** A word as a small label: colour and shape, never colour alone. */
export function Badge({ tone, icon: Shape, children }: Props) {
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      <Shape weight="bold" aria-hidden="true" />
      {children}
    </span>
  );
}
