import styles from "./skip-link.module.css";

/** The first thing that the keyboard meets: past what every page has, to the element `main`. */
export const SkipLink = () => (
  <a href="#main" className={styles.skip}>
    Skip to the content
  </a>
);
