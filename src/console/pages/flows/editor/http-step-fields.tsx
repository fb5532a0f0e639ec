import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, SwitchField, TextField } from "../../../ui/form/fields/fields.tsx";
import { HeaderRows } from "../../../ui/form/fields/header-rows.tsx";
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

const METHODS: Record<HttpDraft["method"], string> = {
  GET: "GET",
  POST: "POST",
  PUT: "PUT",
  PATCH: "PATCH",
  DELETE: "DELETE",
};

export function HttpStepFields({ step, path, onChange }: Props) {
  const field = bind(step, onChange, `${path}.`);
  return (
    <>
      <div className={styles.request}>
        <SelectField {...field("method")} label="Method" options={METHODS} />
        <div>
          <TextField
            {...field("url")}
            label="URL"
            help="May have templates over message, secrets, execution and trigger, such as https://erp.example/orders/{{ message.id }}"
            isCode
          />
          <Rendered what="URL" source={step.url} />
        </div>
      </div>
      <HeaderRows
        help="The content type of the message is sent automatically. Read secrets with templates, such as Bearer {{ secrets.erp }}"
        rows={step.headers}
        onChange={(headers) => onChange({ headers })}
        path={`${path}.headers`}
        below={({ name, value }) => <Rendered what={`header ${name}`} source={value} />}
      />
      <div>
        <SwitchField
          {...field("async")}
          label="Async flow"
          help="The other system only accepts the message, and later calls back to the URL in the header X-Link-Callback-Url of the request. Until then the flow waits."
        />
        {step.async && <AsyncFields step={step} path={path} onChange={onChange} />}
      </div>
      <Pair>
        <TextField
          {...field("timeoutSeconds")}
          label="Longest time for one attempt, in seconds"
          help={<FieldHelp of="flow" path="steps[].timeoutSeconds" />}
          type="number"
        />
        <TextField
          {...field("delaysSeconds", "retry.delaysSeconds")}
          label="Waits before further attempts, in seconds"
          help={retryText(step.delaysSeconds)}
        />
      </Pair>
      <SecretField
        {...field("signingSecret")}
        label="Sign the requests with"
        help={<FieldHelp of="flow" path="steps[].signingSecret" />}
        none="Not signed"
        valueHelp="whsec_ and at least 16 bytes in base64."
      />
    </>
  );
}

function AsyncFields({ step, path, onChange }: Props) {
  const field = bind(step, onChange, `${path}.`);
  return (
    <Under>
      <SwitchField
        {...field("useAsyncResponseBody")}
        label="Use async response body as message"
        help={<FieldHelp of="flow" path="steps[].useAsyncResponseBody" />}
      />
      <SwitchField
        {...field("progress")}
        label="Take reports of progress"
        help={<FieldHelp of="flow" path="steps[].progress" />}
      />
      <TextField
        {...field("callbackTimeoutSeconds")}
        label="Longest wait for the callback, in seconds"
        help={waitText(step.callbackTimeoutSeconds)}
        type="number"
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
