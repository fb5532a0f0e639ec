import { useState } from "react";
import type { CallbackCall, CallbackDetail } from "../../../../client/index.ts";
import { IS_CALLBACK_OVER } from "../../../data/statuses.ts";
import { NamedValues } from "../../../ui/data/named-values.tsx";
import { StatusBadge } from "../../../ui/data/status-badge.tsx";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { ExecutionLink } from "../../../ui/text/text-link.tsx";
import { Time } from "../../../ui/text/time.tsx";
import { CallBody } from "./call-body.tsx";
import styles from "./callback-calls.module.css";

/** The note of a call that has started a flow. */
const STARTED = /^Started execution ([0-9a-f-]{36})$/;

/** The calls, newest first; each opens to show the request. */
export function CallbackCalls({ callback: { callbackState, calls, status } }: { readonly callback: CallbackDetail }) {
  if (calls.length === 0) {
    return (
      <EmptyState
        title="No calls yet"
        text={
          IS_CALLBACK_OVER[status]
            ? "Nobody called it, and nobody can any more."
            : "When somebody calls the URL, what they sent and what they were answered appears here by itself."
        }
      />
    );
  }
  return (
    <ol className={styles.calls}>
      {calls.map((call, index) => (
        <li key={call.number}>
          <Call state={callbackState} call={call} isOpenAtFirst={index === 0} />
        </li>
      ))}
    </ol>
  );
}

interface CallProps {
  readonly state: string;
  readonly call: CallbackCall;
  readonly isOpenAtFirst: boolean;
}

/** Keeps its own state: a new call does not close the one that is being read. */
function Call({ state, call, isOpenAtFirst }: CallProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.head}>
        <span className={styles.method}>{call.method.toUpperCase()}</span>
        <StatusBadge status={call.outcome} />
        <span>{call.responseCode}</span>
        <span className={styles.when}>
          <Time at={call.at} />
        </span>
      </summary>
      {isOpen && (
        <div className={styles.content}>
          <Note note={call.note} />
          <Values title="Query" values={call.query} none="The URL had no parameters." />
          <Values title="Headers" values={call.headers} none="There were no headers." />
          <section>
            <h3 className={styles.title}>Body</h3>
            <CallBody state={state} call={call} />
          </section>
        </div>
      )}
    </details>
  );
}

function Note({ note }: { readonly note: string | undefined }) {
  if (note === undefined) return null;
  const id = STARTED.exec(note)?.[1];
  if (id === undefined) return <p className={styles.note}>{note}</p>;
  return (
    <p className={styles.note}>
      Started the execution <ExecutionLink id={id} />
    </p>
  );
}

interface ValuesProps {
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
  readonly none: string;
}

function Values({ title, values, none }: ValuesProps) {
  const entries = Object.entries(values);
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      {entries.length === 0 ? <p className="subtle">{none}</p> : <NamedValues entries={entries} />}
    </section>
  );
}
