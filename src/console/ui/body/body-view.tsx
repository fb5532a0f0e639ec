import { Button } from "@cloudflare/kumo/components/button";
import { Tabs } from "@cloudflare/kumo/components/tabs";
import { DownloadSimpleIcon } from "@phosphor-icons/react";
import { useMemo, useState } from "react";
import { NamedValues } from "../data/named-values.tsx";
import { CopyButton } from "../text/copy-button.tsx";
import { type BodyKind, readBody } from "./body-kind.ts";
import styles from "./body-view.module.css";
import { formatXml } from "./format-xml.ts";
import { HEX_BYTES, hexDump } from "./hex.ts";
import { JsonTree } from "./json-tree.tsx";
import { SHOWN_BYTES, type ShownBody } from "./load-body.ts";
import { parseJson } from "./parse-json.ts";

type View = "tree" | "xml" | "fields" | "text" | "hex";

const VIEWS: Record<BodyKind, readonly View[]> = {
  json: ["tree", "text", "hex"],
  xml: ["xml", "text", "hex"],
  form: ["fields", "text", "hex"],
  text: ["text", "hex"],
  binary: ["hex"],
};
const LABELS: Record<View, string> = { tree: "Tree", xml: "XML", fields: "Fields", text: "Text", hex: "Hex" };

interface Props {
  readonly body: ShownBody;
  /** Brings the whole body as a file; no button without it. */
  readonly onDownload?: () => void;
}

/** A body as text in the form that suits its type. It is never rendered as what it says it is. */
export function BodyView({ body, onDownload }: Props) {
  const { kind, text } = useMemo(() => readBody(body), [body]);
  const json = useMemo(() => (kind === "json" && text !== undefined ? parseJson(text) : null), [kind, text]);
  const views = VIEWS[kind].filter((view) => view !== "tree" || json !== null);
  const [chosen, choose] = useState<View>();
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? "hex");

  return (
    <div className={styles.body}>
      <div className={styles.bar}>
        <span className="subtle small">
          {body.contentType ?? "no content type"}, {sizeOf(body)}
        </span>
        <span className={styles.tools}>
          {views.length > 1 && (
            <Tabs
              size="sm"
              value={view}
              onValueChange={(next) => choose(next as View)}
              tabs={views.map((value) => ({ value, label: LABELS[value] }))}
            />
          )}
          {text !== undefined && !body.isCut && <CopyButton text={text} what="the body" />}
          {onDownload && (
            <Button size="sm" icon={<DownloadSimpleIcon />} onClick={onDownload}>
              Download
            </Button>
          )}
        </span>
      </div>
      <section className={styles.content} aria-label="Body" tabIndex={-1}>
        {body.bytes.length === 0 ? (
          <p className="subtle">The body is empty.</p>
        ) : (
          <Content {...{ view, body, json }} text={text ?? ""} />
        )}
      </section>
      {body.isCut && (
        <p className={styles.cut}>
          These are the first {SHOWN_BYTES / 1024} KiB. {onDownload && "Download the body to see all of it."}
        </p>
      )}
    </div>
  );
}

interface ContentProps {
  readonly view: View;
  readonly body: ShownBody;
  readonly text: string;
  readonly json: { readonly value: unknown } | null;
}

function Content({ view, body, text, json }: ContentProps) {
  if (view === "tree" && json) return <JsonTree value={json.value} />;
  if (view === "fields") return <NamedValues entries={[...new URLSearchParams(text)]} />;
  if (view === "xml") return <pre>{formatXml(text)}</pre>;
  if (view === "text") return <pre>{text}</pre>;
  return (
    <pre className={styles.hex}>
      {hexDump(body.bytes)}
      {body.bytes.length > HEX_BYTES && `\n... the first ${HEX_BYTES / 1024} KiB`}
    </pre>
  );
}

function sizeOf({ bytes, isCut }: ShownBody): string {
  const size = bytes.length;
  const text = size < 1024 ? `${size} ${size === 1 ? "byte" : "bytes"}` : `${(size / 1024).toFixed(1)} KiB`;
  return isCut ? `more than ${SHOWN_BYTES / 1024} KiB` : text;
}
