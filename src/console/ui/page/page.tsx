import { type ReactNode, useEffect } from "react";
import { useWorkspace } from "../../data/api.tsx";
import styles from "./page.module.css";

interface Props {
  /** The heading, and the beginning of the tab's title. */
  readonly title: string;
  /** The heading where it is more than the title. */
  readonly heading?: ReactNode;
  /** A sentence on what the page is for. */
  readonly intro?: ReactNode;
  /** A link to where one came from, above the heading. */
  readonly above?: ReactNode;
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: title, heading, actions, content. */
export function Page({ title, heading, intro, above, actions, children }: Props) {
  const { name } = useWorkspace();
  useEffect(() => {
    document.title = `${title} · ${name} · Hookback`;
  }, [title, name]);
  return (
    <div className="stack-5">
      <header className={styles.header}>
        <div className={styles.heading}>
          {above}
          <h1>{heading ?? title}</h1>
          {intro && <p className={styles.intro}>{intro}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without the padding, for tables that reach the edges. */
  readonly isFlush?: boolean;
}

/** A framed part of a page with a heading of its own. */
export function Section({ title, actions, children, isFlush = false }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.sectionHeader}>
        <h2>{title}</h2>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={isFlush ? styles.flush : styles.content}>{children}</div>
    </section>
  );
}
