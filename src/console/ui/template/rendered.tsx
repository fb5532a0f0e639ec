import { createContext, useContext, useMemo } from "react";
import styles from "./rendered.module.css";
import type { Engine } from "./use-engine.ts";

/** The engine and values of previews. */
export interface PreviewValues {
  readonly engine: Engine;
  readonly values: Record<string, unknown>;
}

/** Null while there is no preview. */
export const PreviewContext = createContext<PreviewValues | null>(null);

interface Props {
  /** The name of the result, such as "URL". */
  readonly what: string;
  readonly source: string;
  /** Set when the template makes a message, with its content type; otherwise it makes a text. */
  readonly message?: { readonly contentType: string };
}

/** The preview of a template, below its field. */
export function Rendered({ what, source, message }: Props) {
  const preview = useContext(PreviewContext);
  const contentType = message?.contentType;
  const made = useMemo(() => (preview ? render(preview, source, contentType) : null), [preview, source, contentType]);
  // A text without a template in it goes as it is, which the field shows already.
  if (!made || (message === undefined && !source.includes("{"))) return null;
  return (
    <section className={styles.rendered} aria-label={`Preview: ${what}`} aria-live="polite">
      <p className={styles.head}>
        {"error" in made ? "The template cannot be filled in with this message" : `Preview: ${what}`}
        {"type" in made && made.type !== null && <span className={styles.type}>{made.type}</span>}
      </p>
      <pre className={"error" in made ? styles.error : styles.text}>
        {"error" in made ? made.error : made.text || "(empty)"}
      </pre>
    </section>
  );
}

type Made = { readonly text: string; readonly type: string | null } | { readonly error: string };

function render({ engine, values }: PreviewValues, source: string, contentType: string | undefined): Made {
  try {
    if (contentType === undefined) {
      const rendered = engine.renderTemplate(source, values);
      return "error" in rendered ? rendered : { ...rendered, type: null };
    }
    const template = { template: source, ...(contentType !== "" && { contentType }) };
    const body = engine.renderBody(template, values);
    return "error" in body ? body : { text: new TextDecoder().decode(body.bytes), type: body.type };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "The template cannot be read." };
  }
}
