import styles from "./named-values.module.css";

interface Props {
  readonly entries: readonly (readonly [name: string, value: string])[];
}

/** Headers, query parameters: names with their values, as they were sent. */
export function NamedValues({ entries }: Props) {
  return (
    <dl className={styles.values}>
      {entries.map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
