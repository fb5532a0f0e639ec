import { useEffect } from "react";
import { Link } from "wouter";
import { Section } from "../../ui/page/page.tsx";
import { CopyButton } from "../../ui/text/copy-button.tsx";
import { InlineText } from "../../ui/text/inline-text.tsx";
import type { Answer, Content, Description, Operation, Parameter } from "../description.ts";
import { Fold } from "../schema/fold.tsx";
import { Field, SchemaView } from "../schema/schema-view.tsx";
import { curlOf } from "./example.ts";
import { MethodBadge } from "./method-badge.tsx";
import { OperationList } from "./operation-list.tsx";
import styles from "./operation-view.module.css";

interface Props {
  readonly description: Description;
  readonly operation: Operation;
}

/** One operation, with the list of all at its side where there is room. */
export function OperationView({ description, operation }: Props) {
  const { method, path, summary, parameters, body, answers, isGuarded } = operation;
  const command = curlOf(operation, description.origin);
  useEffect(() => {
    document.title = `${summary} · API reference · Hookback`;
  }, [summary]);
  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        <OperationList description={description} current={operation.id} />
      </div>
      <article className={styles.operation}>
        <header className="stack-2">
          <Link href="/~reference" className={`link ${styles.back}`}>
            All operations
          </Link>
          <h1>{summary}</h1>
          <p className={styles.address}>
            <MethodBadge method={method} />
            <code className={styles.path}>{path}</code>
            <CopyButton text={path} what="the path" />
          </p>
          <p>
            <InlineText text={operation.description ?? (isGuarded ? "Any valid token." : "No token is needed.")} />
          </p>
        </header>
        <Section title="Example" actions={<CopyButton text={command} what="the curl command" label="Copy" />}>
          <pre className={styles.command}>{command}</pre>
        </Section>
        {parameters.length > 0 && (
          <Section title="Parameters">
            <Parameters all={parameters} />
          </Section>
        )}
        {body && (
          <Section title={body.isRequired ? "Request body" : "Request body (optional)"}>
            <Contents contents={body.contents} />
          </Section>
        )}
        <Section title="Answers">
          <Answers all={answers} />
        </Section>
      </article>
    </div>
  );
}

const PLACES = { path: "In the path", query: "In the query", header: "Headers" } as const;

function Parameters({ all }: { readonly all: readonly Parameter[] }) {
  return Object.entries(PLACES).map(([place, title]) => {
    const here = all.filter((parameter) => parameter.in === place);
    if (here.length === 0) return null;
    return (
      <div key={place} className={styles.place}>
        <h3 className={styles.placeTitle}>{title}</h3>
        <ul className={styles.parameters}>
          {here.map(({ name, required = false, description, schema }) => (
            <Field
              key={name}
              name={name}
              schema={description === undefined ? schema : { ...schema, description }}
              isRequired={required}
            />
          ))}
        </ul>
      </div>
    );
  });
}

function Contents({ contents }: { readonly contents: Readonly<Record<string, Content>> }) {
  return Object.entries(contents).map(([type, { schema }]) => (
    <div key={type} className={styles.content}>
      <code className="subtle">{type === "*/*" ? "Any content type" : type}</code>
      {Object.keys(schema).length > 0 && <SchemaView schema={schema} />}
    </div>
  ));
}

/** By status. Problem documents are all alike, so their schema is shown once, below. */
function Answers({ all }: { readonly all: Operation["answers"] }) {
  const problem = all.map(problemIn).find((contents) => contents !== undefined);
  return (
    <>
      <ul className={styles.answers}>
        {all.map((answer) => (
          <li key={answer.status} className={styles.answer}>
            <p className={styles.status}>
              <span className={answer.status.startsWith("2") ? styles.good : styles.other}>{answer.status}</span>
              <span>
                <InlineText text={answer.description} />
              </span>
            </p>
            {answer.content && !problemIn(answer) && <Contents contents={answer.content} />}
          </li>
        ))}
      </ul>
      {problem && (
        <div className={styles.problem}>
          <Fold title={`Refusals are problem documents (${PROBLEM_TYPE})`}>
            <Contents contents={problem} />
          </Fold>
        </div>
      )}
    </>
  );
}

const PROBLEM_TYPE = "application/problem+json";

const problemIn = ({ content }: Answer) => (content?.[PROBLEM_TYPE] ? content : undefined);
