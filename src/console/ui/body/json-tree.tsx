import { useState } from "react";
import styles from "./json-tree.module.css";
import { ExactNumber } from "./parse-json.ts";

/** Levels that are open at first, and members that are drawn at a time. */
const OPEN_DEPTH = 2;
const MEMBERS = 100;

interface Props {
  readonly value: unknown;
  readonly name?: string;
  readonly depth?: number;
}

/** A JSON value as a tree that opens and closes; what is closed is not drawn. */
export function JsonTree({ value, name, depth = 0 }: Props) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  const [shown, setShown] = useState(MEMBERS);
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) {
    return (
      <div className={styles.leaf}>
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  const members = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) {
    return (
      <div className={styles.leaf}>
        <Name name={name} />
        {open + close}
      </div>
    );
  }
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className={styles.node}>
      <summary>
        <Name name={name} />
        {open}
        {!isOpen && (
          <span className="subtle">
            {" "}
            {members.length} {members.length === 1 ? "member" : "members"} {close}
          </span>
        )}
      </summary>
      {isOpen && (
        <div className={styles.members}>
          {members.slice(0, shown).map(([key, member]) => (
            <JsonTree key={key} name={key} value={member} depth={depth + 1} />
          ))}
          {members.length > shown && (
            <button type="button" className="link" onClick={() => setShown(shown + MEMBERS)}>
              {(members.length - shown).toLocaleString("en")} more
            </button>
          )}
        </div>
      )}
      {isOpen && <div>{close}</div>}
    </details>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : <span className={styles.name}>{name}: </span>;
}

function Scalar({ value }: { readonly value: unknown }) {
  if (value instanceof ExactNumber) return <span className={styles.number}>{value.source}</span>;
  const kind = typeof value === "string" ? styles.string : typeof value === "number" ? styles.number : styles.word;
  return <span className={kind}>{JSON.stringify(value)}</span>;
}
