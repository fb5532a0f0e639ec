import styles from "./named-values.module.css";

/** Headers, query parameters, form fields: names with their values, as they were sent. */
export function NamedValues({ entries }: { readonly entries: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className={styles.values}>
      {entries.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name can come twice, and the entries do not change places.
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
