import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { HeaderRows } from "../../../ui/form/fields/header-rows.tsx";
import { Stack } from "../../../ui/form/layout.tsx";
import { type CallbackDraft, type FieldsProps, optionsOf } from "./callback-draft.ts";

const HELP: Record<CallbackDraft["responseType"], string> = {
  "": "Each request says what its callers get.",
  response: "Gives an external system an answer.",
  redirect: "Redirects the user to a URL: brings people back after they did something elsewhere.",
};

/** The answer to a call of the callback. */
export function AnswerFields({ draft, onChange, isPartial }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <Stack>
      <SelectField
        {...field("responseType")}
        label="Response type"
        help={HELP[draft.responseType]}
        options={optionsOf(isPartial, { response: "Response", redirect: "Redirect" })}
      />
      {draft.responseType !== "response" && (
        <TextField
          {...field("responseRedirectUrl")}
          label="Response redirect URL"
          help={<FieldHelp of="callback" path="responseRedirectUrl" />}
          isCode
        />
      )}
      {draft.responseType !== "redirect" && <ResponseFields {...{ draft, onChange, isPartial }} />}
    </Stack>
  );
}

function ResponseFields({ draft, onChange }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <>
      <TextField
        {...field("responseCode")}
        label="Response code"
        help={<FieldHelp of="callback" path="responseCode" />}
        type="number"
      />
      <TextAreaField
        {...field("responseBody")}
        label="Response body"
        help={<FieldHelp of="callback" path="responseBody" />}
        isCode
        rows={5}
      />
      <HeaderRows
        label="Response headers"
        help={<FieldHelp of="callback" path="responseHeaders" />}
        rows={draft.responseHeaders}
        onChange={(responseHeaders) => onChange({ responseHeaders })}
        path="responseHeaders"
      />
    </>
  );
}
