import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { PaperPlaneTiltIcon } from "@phosphor-icons/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Trigger } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { keyOf, keysQuery } from "../../../data/queries.ts";
import { bind } from "../../../ui/form/fields/bind.ts";
import { SelectField, TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { HeaderRows } from "../../../ui/form/fields/header-rows.tsx";
import { Form } from "../../../ui/form/form.tsx";
import { Group } from "../../../ui/form/layout.tsx";
import { Section } from "../../../ui/page/page.tsx";
import { HAS_BODY } from "../editor/trigger-draft.ts";
import type { MadeKey } from "../keys/use-new-keys.ts";
import { sendTest, type TestMessage } from "./send-test.ts";
import { TestCredential } from "./test-credential.tsx";
import styles from "./test-panel.module.css";
import { TestResult } from "./test-result.tsx";

interface Props {
  readonly id: string;
  /** The saved trigger: unsaved changes are not tested. */
  readonly trigger: Trigger;
  /** Keys made a moment ago, the only ones whose values the console knows. */
  readonly keys: readonly MadeKey[];
}

/** Sends a test message to the trigger, and shows its outcome. */
export function TestPanel({ id, trigger, keys }: Props) {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const { methods, query, name } = trigger;
  const waiting = useRef<AbortController | null>(null);
  const [message, setMessage] = useState<TestMessage>(() => ({
    method: methods.find((one) => HAS_BODY[one]) ?? methods[0] ?? "POST",
    query: {},
    headers: [],
    contentType: "application/json",
    body: '{"id": 1}',
    credential: "",
  }));
  const change = (part: Partial<TestMessage>) => setMessage((before) => ({ ...before, ...part }));
  const field = bind(message, change);
  const method = methods.includes(message.method) ? message.method : (methods[0] ?? "POST");
  const newest = keys.at(-1)?.key ?? "";
  const credential = message.credential || (trigger.auth.type === "apiKeys" ? newest : "");

  const send = useMutation({
    mutationFn: () => {
      const known = Object.entries(message.query).filter(([key]) => query.some((one) => one.name === key));
      waiting.current = new AbortController();
      return sendTest(
        workspace.name,
        trigger,
        { ...message, method, credential, query: Object.fromEntries(known) },
        waiting.current.signal,
      );
    },
    onSuccess: () => {
      for (const queryKey of [keyOf(workspace, "executions"), keysQuery(workspace, name).queryKey])
        void queries.invalidateQueries({ queryKey });
    },
  });

  return (
    <div id={id}>
      <Section title="Send a test message">
        <div className={styles.panel}>
          <Form label="Test message" problem={null} onSubmit={() => send.mutate()}>
            <p className="subtle">A real message: it starts the flow {trigger.flow}, as that of any consumer does.</p>
            <div className={styles.pair}>
              <SelectField
                path="method"
                label="Method"
                value={method}
                options={Object.fromEntries(methods.map((one) => [one, one])) as Record<typeof method, string>}
                onChange={(next) => change({ method: next })}
              />
              <TestCredential
                auth={trigger.auth}
                keys={keys}
                value={credential}
                onChange={(next) => change({ credential: next })}
              />
            </div>
            {query.length > 0 && (
              <Group legend="Query parameters">
                <div className={styles.pair}>
                  {query.map((parameter) => (
                    <TextField
                      key={parameter.name}
                      path={`query.${parameter.name}`}
                      label={parameter.name}
                      help={
                        parameter.default === undefined
                          ? "Not sent when left empty."
                          : "Not sent when left empty; the default stands in for it."
                      }
                      {...(parameter.default !== undefined && { placeholder: parameter.default })}
                      value={message.query[parameter.name] ?? ""}
                      onChange={(value) => change({ query: withParameter(message.query, parameter.name, value) })}
                    />
                  ))}
                </div>
              </Group>
            )}
            <HeaderRows rows={message.headers} onChange={(headers) => change({ headers })} />
            {HAS_BODY[method] && (
              <>
                <TextField {...field("contentType")} label="Content type" isCode />
                <TextAreaField {...field("body")} label="Body" isCode rows={5} />
              </>
            )}
            <div className={styles.send}>
              <Button type="submit" variant="primary" icon={<PaperPlaneTiltIcon />} loading={send.isPending}>
                Send
              </Button>
              {send.isPending && <Button onClick={() => waiting.current?.abort()}>Stop waiting</Button>}
              <span className="subtle" role="status">
                {send.isPending && "Waiting for the answer ..."}
              </span>
            </div>
          </Form>
          {send.error && !send.isPending && (
            <div role="alert">
              <Banner variant="error" title="There was no answer" description={send.error.message} />
            </div>
          )}
          {send.data && !send.isPending && <TestResult key={send.submittedAt} answer={send.data} />}
        </div>
      </Section>
    </div>
  );
}

function withParameter(query: TestMessage["query"], name: string, value: string): TestMessage["query"] {
  const { [name]: _, ...others } = query;
  return value === "" ? others : { ...others, [name]: value };
}
