import { ApiProblem } from "../../../client/index.ts";
import { Section } from "../../ui/page/page.tsx";
import styles from "./document-problems.module.css";

/** The problems of the document by their paths. */
export function DocumentProblems({ error }: { readonly error: Error }) {
  const errors = error instanceof ApiProblem ? error.errors : [];
  return (
    <Section title="The document cannot be applied">
      <div role="alert">
        {errors.length === 0 ? (
          <p>{error.message}</p>
        ) : (
          <dl className={styles.problems}>
            {errors.map(({ field, message }) => (
              <div key={`${field} ${message}`}>
                <dt>{field || "the document"}</dt>
                <dd>{message}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </Section>
  );
}
