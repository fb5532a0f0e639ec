import styles from "./method-badge.module.css";

const TONES: Readonly<Record<string, string | undefined>> = {
  GET: styles.read,
  POST: styles.make,
  PUT: styles.change,
  PATCH: styles.change,
  DELETE: styles.remove,
};

export function MethodBadge({ method }: { readonly method: string }) {
  return <span className={`${styles.badge} ${TONES[method] ?? ""}`}>{method}</span>;
}
