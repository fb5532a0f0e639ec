import { type ReactNode, useEffect, useRef } from "react";
import { ErrorBoundary } from "../feedback/error-boundary.tsx";
import styles from "./main.module.css";

/** The first element that the keyboard reaches: a link past the navigation to `Main`. */
export const SkipLink = () => (
  <a href="#main" className={styles.skip}>
    Skip to the content
  </a>
);

/** The content of the window. It gets the focus, and starts at its top, when the path changes. */
export function Main({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // The page itself scrolls to the fragment of its URL.
    if (window.location.hash !== "") return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1} className={styles.main}>
      <ErrorBoundary resetKey={path}>{children}</ErrorBoundary>
    </main>
  );
}
