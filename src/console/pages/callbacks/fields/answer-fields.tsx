import { SelectField, TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { rowId } from "../../../ui/form/fields/row-id.ts";
import { Rows } from "../../../ui/form/fields/rows.tsx";
import { Stack } from "../../../ui/form/layout.tsx";
import type { CallbackDraft } from "./callback-draft.ts";
import type { FieldsProps } from "./callback-fields.tsx";

const HELP: Record<CallbackDraft["responseType"], string> = {
  "": "Each request says what its callers get.",
  response: "Gives an external system an answer.",
  redirect: "Redirects the user to a URL: brings people back after they did something elsewhere.",
};

/** The data that is used when the callback is called by the external system or user. */
export function AnswerFields({ draft, change, isPartial }: FieldsProps) {
  return (
    <Stack>
      <SelectField
        path="responseType"
        label="Response type"
        help={HELP[draft.responseType]}
        value={draft.responseType}
        onChange={(responseType) => change({ responseType })}
        options={
          {
            ...(isPartial && { "": "Not set here" }),
            response: "Response",
            redirect: "Redirect",
          } as Record<CallbackDraft["responseType"], string>
        }
      />
      {draft.responseType !== "response" && (
        <TextField
          path="responseRedirectUrl"
          label="Response redirect URL"
          help="Where the user goes. For cases and pages on your own platform use /case/1:142:432 or /page/thankyou; for other places the full URL."
          isCode
          value={draft.responseRedirectUrl}
          onChange={(responseRedirectUrl) => change({ responseRedirectUrl })}
        />
      )}
      {draft.responseType !== "redirect" && <ResponseFields {...{ draft, change, isPartial }} />}
    </Stack>
  );
}

function ResponseFields({ draft, change }: FieldsProps) {
  return (
    <>
      <TextField
        path="responseCode"
        label="Response code"
        help="The HTTP status of the answer; 200 when empty."
        type="number"
        value={draft.responseCode}
        onChange={(responseCode) => change({ responseCode })}
      />
      <TextAreaField
        path="responseBody"
        label="Response body"
        help="In whatever form the external system wants: XML, JSON, CSV or plain text."
        isCode
        rows={5}
        value={draft.responseBody}
        onChange={(responseBody) => change({ responseBody })}
      />
      <Rows
        label="Response headers"
        help="Useful to tell an external system the content type, for example content-type: application/json."
        rows={draft.responseHeaders}
        onChange={(responseHeaders) => change({ responseHeaders })}
        add="Add header"
        blank={() => ({ id: rowId(), name: "", value: "" })}
        nameOf={({ name }, index) => `the header ${name || index + 1}`}
      >
        {({ name, value }, set) => (
          <>
            <TextField
              path={`responseHeaders.${name}`}
              label="Name"
              isCode
              value={name}
              onChange={(next) => set({ name: next })}
            />
            <TextField
              path={`responseHeaders.${name}.value`}
              label="Value"
              isCode
              value={value}
              onChange={(next) => set({ value: next })}
            />
          </>
        )}
      </Rows>
    </>
  );
}
