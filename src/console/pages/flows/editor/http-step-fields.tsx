import { SelectField, SwitchField, TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { Rows } from "../../../ui/form/fields/rows.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair, Under } from "../../../ui/form/layout.tsx";
import { Rendered } from "../../../ui/template/rendered.tsx";
import { duration } from "../../../ui/text/time.tsx";
import type { HttpDraft } from "./flow-draft.ts";
import styles from "./step-fields.module.css";

interface Props {
  readonly step: HttpDraft;
  /** Path of the step in the flow, such as `steps[0]`. */
  readonly path: string;
  readonly onChange: (part: Partial<Omit<HttpDraft, "type">>) => void;
}

const METHODS = { GET: "GET", POST: "POST", PUT: "PUT", PATCH: "PATCH", DELETE: "DELETE" } as const;

export function HttpStepFields({ step, path, onChange }: Props) {
  return (
    <>
      <div className={styles.request}>
        <SelectField
          path={`${path}.method`}
          label="Method"
          value={step.method}
          options={METHODS}
          onChange={(method) => onChange({ method })}
        />
        <div>
          <TextField
            path={`${path}.url`}
            label="URL"
            help="May have templates over message, secrets, execution and trigger, such as https://erp.example/orders/{{ message.id }}"
            isCode
            value={step.url}
            onChange={(url) => onChange({ url })}
          />
          <Rendered what="URL" source={step.url} />
        </div>
      </div>
      <Rows
        label="Headers"
        help="The content type of the message goes along by itself. Secrets stand in templates, such as Bearer {{ secrets.erp }}"
        rows={step.headers}
        onChange={(headers) => onChange({ headers })}
        add="Add header"
        blank={() => ({ id: rowId(), name: "", value: "" })}
        nameOf={(row, index) => `the header ${row.name || index + 1}`}
      >
        {(row, change) => (
          <>
            <TextField path="" label="Name" isCode value={row.name} onChange={(name) => change({ name })} />
            <div>
              <TextField
                path={`${path}.headers.${row.name}`}
                label="Value"
                isCode
                value={row.value}
                onChange={(value) => change({ value })}
              />
              <Rendered what={`header ${row.name}`} source={row.value} />
            </div>
          </>
        )}
      </Rows>
      <div>
        <SwitchField
          path={`${path}.async`}
          label="Async flow"
          help="The other system only takes the message in, and later calls back to the URL in the header X-Link-Callback-Url of the request. Until then the flow waits."
          value={step.async}
          onChange={(value) => onChange({ async: value })}
        />
        {step.async && <AsyncFields step={step} path={path} onChange={onChange} />}
      </div>
      <Pair>
        <TextField
          path={`${path}.timeoutSeconds`}
          label="Longest time for one attempt, in seconds"
          help="Up to 300, the last byte of the answer included."
          type="number"
          value={step.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ timeoutSeconds })}
        />
        <TextField
          path={`${path}.retry.delaysSeconds`}
          label="Waits before further attempts, in seconds"
          help={retryText(step.delaysSeconds)}
          value={step.delaysSeconds}
          onChange={(delaysSeconds) => onChange({ delaysSeconds })}
        />
      </Pair>
      <SecretField
        path={`${path}.signingSecret`}
        label="Sign the requests with"
        help="Adds the headers of Standard Webhooks, by which the other system knows that the request is yours."
        none="Not signed"
        valueHelp="whsec_ and at least 16 bytes in base64."
        value={step.signingSecret}
        onChange={(signingSecret) => onChange({ signingSecret })}
      />
    </>
  );
}

function AsyncFields({ step, path, onChange }: Props) {
  return (
    <Under>
      <SwitchField
        path={`${path}.useAsyncResponseBody`}
        label="Use async response body as message"
        help="The body of the callback becomes the message for the next step. Otherwise the message stays what it was."
        value={step.useAsyncResponseBody}
        onChange={(useAsyncResponseBody) => onChange({ useAsyncResponseBody })}
      />
      <SwitchField
        path={`${path}.progress`}
        label="Take reports of progress"
        help="A callback may say Progress any number of times before its result; each starts the longest wait anew."
        value={step.progress}
        onChange={(progress) => onChange({ progress })}
      />
      <TextField
        path={`${path}.callbackTimeoutSeconds`}
        label="Longest wait for the callback, in seconds"
        help={waitText(step.callbackTimeoutSeconds)}
        type="number"
        value={step.callbackTimeoutSeconds}
        onChange={(callbackTimeoutSeconds) => onChange({ callbackTimeoutSeconds })}
      />
    </Under>
  );
}

function waitText(text: string): string {
  const seconds = Number(text);
  const said = text !== "" && seconds > 0 ? `That is ${duration(seconds * 1000)}. ` : "";
  return `${said}Up to a year; a week when left empty. After that the step fails.`;
}

function retryText(text: string): string {
  const count = text.split(/[\s,;]+/).filter(Boolean).length;
  const said = count === 0 ? "One attempt only. " : `${count + 1} attempts in all. `;
  return `${said}Tried again are network failures, time-outs and the answers 408, 425, 429 and 5xx.`;
}
