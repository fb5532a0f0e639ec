import { Tabs } from "@cloudflare/kumo/components/tabs";
import { useState } from "react";
import type { Trigger } from "../../../../client/index.ts";
import { Section } from "../../../ui/page/page.tsx";
import { CopyButton } from "../../../ui/text/copy-button.tsx";
import { HAS_BODY, type Method } from "../editor/trigger-draft.ts";
import styles from "./call-section.module.css";
import { curlOf } from "./curl.ts";

/** How the trigger is called, as it is saved. */
export function CallSection({ trigger }: { readonly trigger: Trigger }) {
  const { methods, url } = trigger;
  const [chosen, choose] = useState<Method>();
  const usual = methods.find((one) => HAS_BODY[one]) ?? methods[0] ?? "POST";
  const method = chosen && methods.includes(chosen) ? chosen : usual;
  const command = curlOf(trigger, method);
  return (
    <Section title="URL">
      <div className={styles.call}>
        <p className={styles.url}>
          <code>{url}</code>
          <CopyButton text={url} what="the URL" label="Copy URL" />
        </p>
        <div className={styles.head}>
          <h3 className={styles.title}>Call it from a shell</h3>
          {methods.length > 1 && (
            <Tabs
              size="sm"
              value={method}
              onValueChange={(next) => choose(methods.find((one) => one === next))}
              tabs={methods.map((value) => ({ value, label: value }))}
            />
          )}
          <CopyButton text={command} what="the curl command" label="Copy" />
        </div>
        <pre className={styles.command}>{command}</pre>
      </div>
    </Section>
  );
}
