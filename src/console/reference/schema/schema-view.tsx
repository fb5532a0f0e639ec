import { InlineText } from "../../ui/text/inline-text.tsx";
import { capitalised, type Schema } from "../description.ts";

import styles from "./schema-view.module.css";
import { alternativesOf, choicesOf, innerOf, limitsOf, typeOf } from "./schema-words.ts";

/** A whole body: what it is, and its fields or alternatives. */
export function SchemaView({ schema }: { readonly schema: Schema }) {
  const inner = innerOf(schema);
  const isPlainObject = inner === schema && schema.properties !== undefined;
  return (
    <div className={styles.schema}>
      {!isPlainObject && <p className="subtle">{inner ? kindOf(schema) : capitalised(typeOf(schema))}</p>}
      {inner && <Inner schema={inner} />}
    </div>
  );
}

interface FieldProps {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** One field or parameter: name, type, meaning, limits, and what is in it. */
export function Field({ name, schema, isRequired }: FieldProps) {
  const inner = innerOf(schema);
  return (
    <li className={styles.field}>
      <p className={styles.head}>
        <code className={styles.name}>{name}</code>
        <span className="subtle small">{inner ? kindOf(schema) : typeOf(schema)}</span>
        {isRequired && <span className={styles.required}>required</span>}
      </p>
      {schema.description !== undefined && (
        <p className={styles.text}>
          <InlineText text={schema.description} />
        </p>
      )}
      <Details schema={schema} />
      {inner && <Inner schema={inner} />}
    </li>
  );
}

function Inner({ schema }: { readonly schema: Schema }) {
  const { properties, required = [] } = schema;
  if (properties) {
    const fields = Object.entries(properties);
    return fields.length === 0 ? null : (
      <ul className={`${styles.fields} ${styles.inner}`}>
        {fields.map(([name, field]) => (
          <Field key={name} name={name} schema={field} isRequired={required.includes(name)} />
        ))}
      </ul>
    );
  }
  return (
    <ul className={styles.alternatives} aria-label="One of">
      {alternativesOf(schema).map(({ label, schema: one }, index) => {
        const inner = innerOf(one);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: alternatives do not change places.
          <li key={index}>
            {inner ? (
              <details className={styles.alternative}>
                <summary>
                  <code>{label}</code>
                </summary>
                <Inner schema={inner} />
              </details>
            ) : (
              <div className={styles.plain}>
                <code>{label}</code>
                <Details schema={one} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Values, limits and default. */
function Details({ schema }: { readonly schema: Schema }) {
  const choices = choicesOf(schema);
  const limits = limitsOf(schema);
  const { pattern } = schema.items ?? schema;
  const names = schema.propertyNames?.pattern;
  const values = [pattern, names, schema.default].filter((value) => value !== undefined);
  if (choices.length + limits.length + values.length === 0) return null;
  return (
    <ul className={styles.details}>
      {choices.length > 0 && (
        <li>
          One of{" "}
          {choices.map((choice) => (
            <code key={JSON.stringify(choice)} className={styles.value}>
              {JSON.stringify(choice)}
            </code>
          ))}
        </li>
      )}
      {schema.default !== undefined && (
        <li>
          Default <code className={styles.value}>{JSON.stringify(schema.default)}</code>
        </li>
      )}
      {limits.map((limit) => (
        <li key={limit}>{capitalised(limit)}</li>
      ))}
      {pattern !== undefined && (
        <li>
          Pattern <code className={styles.value}>{pattern}</code>
        </li>
      )}
      {names !== undefined && (
        <li>
          Pattern of the names <code className={styles.value}>{names}</code>
        </li>
      )}
    </ul>
  );
}

/** The type of a value in a word or two; its fields or alternatives are listed below it. */
function kindOf(schema: Schema): string {
  if (schema.properties) return "object";
  if (schema.items) return `array of ${kindOf(schema.items)}`;
  if (typeof schema.additionalProperties === "object")
    return `object of ${kindOf(schema.additionalProperties)} by name`;
  const kinds = alternativesOf(schema).map((one) => (innerOf(one.schema) ? kindOf(one.schema) : typeOf(one.schema)));
  return kinds.length > 0 ? [...new Set(kinds)].join(" or ") : typeOf(schema);
}
