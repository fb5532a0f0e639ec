import { Button } from "@cloudflare/kumo/components/button";
import { DownloadSimpleIcon, UploadSimpleIcon } from "@phosphor-icons/react";
import { useEffect, useRef, useState } from "react";
import type { ConfigChanges, ConfigDocument } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { useAction } from "../../data/use-action.ts";
import { saveFile } from "../../ui/body/save-file.ts";
import { useUnsavedGuard } from "../../ui/form/unsaved-guard.ts";
import { Section } from "../../ui/page/page.tsx";
import { CopyButton } from "../../ui/text/copy-button.tsx";
import { Comparison } from "./comparison.tsx";
import styles from "./configuration-editor.module.css";
import { DocumentProblems } from "./document-problems.tsx";
import { readDocument } from "./read-document.ts";

const pretty = (document: ConfigDocument) => JSON.stringify(document, null, 2);

/** The document as text: read, edited or uploaded, compared, applied. */
export function ConfigurationEditor({ document }: { readonly document: ConfigDocument }) {
  const { name, config } = useWorkspace();
  const may = useMay();
  const stored = pretty(document);
  const [text, setText] = useState(stored);
  const [compared, setCompared] = useState<{ readonly text: string; readonly changes: ConfigChanges } | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const result = useRef<HTMLDivElement>(null);
  const isChanged = text !== stored;
  useUnsavedGuard(isChanged);

  const compare = useAction({
    run: () => config.compare(readDocument(text)),
    onDone: (changes) => setCompared({ text, changes }),
  });
  const shown = compared?.text === text ? compared.changes : null;
  useEffect(() => {
    if (shown || compare.error) result.current?.focus();
  }, [shown, compare.error]);

  function write(next: string) {
    setText(next);
    setCompared(null);
    compare.reset();
  }
  async function upload(chosen: File | undefined) {
    if (chosen) write(await chosen.text());
  }

  return (
    <>
      <Section
        title="The document"
        isFlush
        actions={
          <>
            <CopyButton text={text} what="the document" label="Copy" />
            <Button
              size="sm"
              icon={<DownloadSimpleIcon />}
              onClick={() =>
                void saveFile(
                  new Response(text, { headers: { "content-type": "application/json" } }),
                  `${name}-configuration`,
                )
              }
            >
              Download
            </Button>
            <input
              ref={file}
              type="file"
              accept=".json,application/json"
              className="hidden-visually"
              tabIndex={-1}
              aria-label="Configuration file"
              onChange={(event) => {
                void upload(event.target.files?.[0]);
                event.target.value = "";
              }}
            />
            <Button size="sm" icon={<UploadSimpleIcon />} onClick={() => file.current?.click()}>
              Upload
            </Button>
          </>
        }
      >
        <textarea
          className={styles.text}
          aria-label="The configuration as JSON"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          rows={24}
          value={text}
          onChange={(event) => write(event.target.value)}
        />
      </Section>
      <p className="subtle">
        A section that you leave out stays as it is. One that is there is the whole of its kind: what it lacks is
        deleted. A new adapter names the secret with its shared secret in <code>shared_secret_from</code>.
      </p>
      <div className={styles.buttons}>
        <Button disabled={!isChanged} onClick={() => write(stored)}>
          Back to what is stored
        </Button>
        <Button
          variant="primary"
          loading={compare.isPending}
          disabled={!may("config.write")}
          onClick={() => compare.mutate()}
        >
          Compare with what is stored
        </Button>
      </div>
      <div ref={result} tabIndex={-1} className={styles.result}>
        {compare.error && <DocumentProblems error={compare.error} />}
        {shown && (
          <Comparison
            changes={shown.changes}
            apply={() => config.apply(readDocument(text))}
            onApplied={(current) => write(pretty(current))}
          />
        )}
      </div>
    </>
  );
}
