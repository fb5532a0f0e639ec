import { type ReactNode, useLayoutEffect, useRef } from "react";
import { ApiProblem } from "../../../client/index.ts";
import styles from "./fold.module.css";

interface Props {
  readonly title: string;
  /** A summary of the settings inside, so that nobody has to open it. */
  readonly summary?: string;
  readonly children: ReactNode;
  /** The error of the last attempt to save. */
  readonly problem: Error | null;
  /** Beginnings of the paths of the fields inside: it opens when something is wrong with one. */
  readonly paths: readonly string[];
  readonly isOpenAtFirst?: boolean;
}

/** A framed part of a page that only some need: folded until it is wanted. */
export function Fold({ title, summary, children, problem, paths, isOpenAtFirst = false }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  const isWrong =
    problem instanceof ApiProblem && problem.errors.some(({ field }) => paths.some((path) => field.startsWith(path)));
  // Before the form gives the focus to the first such field, which has to be in sight then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt opens it anew.
  useLayoutEffect(() => {
    if (details.current && isWrong) details.current.open = true;
  }, [isWrong, problem]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: later on it is the person who opens and folds it.
  useLayoutEffect(() => {
    if (details.current) details.current.open = isOpenAtFirst;
  }, []);
  return (
    <details ref={details} className={styles.fold}>
      <summary className={styles.head}>
        <h2>{title}</h2>
        {summary !== undefined && <span className="subtle">{summary}</span>}
      </summary>
      <div className={styles.content}>{children}</div>
    </details>
  );
}
