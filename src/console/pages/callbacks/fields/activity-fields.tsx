import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { flowsQuery } from "../../../data/queries.ts";
import { bind, type DraftProps } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { NameField } from "../../../ui/form/fields/name-field.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair, Stack } from "../../../ui/form/layout.tsx";
import { type ActivityType, type CallbackDraft, type FieldsProps, type Optional, optionsOf } from "./callback-draft.ts";

const ACTIVITIES: Record<ActivityType, string> = {
  record: "Record the call",
  http: "Ask a handler of yours",
  flow: "Start a flow",
};

const HELP: Record<Optional<ActivityType>, string> = {
  "": "Each request says what happens when its callback is called.",
  record: "The call is stored and shown here, and answered as set below.",
  http: "The call is sent to your URL as JSON. The reply of your handler may fill in or override the answer below.",
  flow: "The call becomes the message of a new execution, and is answered as set below.",
};

/** What happens when the callback is called. */
export function ActivityFields({ draft, onChange, isPartial }: FieldsProps) {
  const field = bind(draft, onChange);
  return (
    <Stack>
      <SelectField
        {...field("activity", "callbackActivity")}
        label="Callback activity"
        help={HELP[draft.activity]}
        options={optionsOf(isPartial, ACTIVITIES)}
      />
      <FieldsOfActivity draft={draft} onChange={onChange} />
    </Stack>
  );
}

function FieldsOfActivity(props: DraftProps<CallbackDraft>) {
  switch (props.draft.activity) {
    case "http":
      return <HandlerFields {...props} />;
    case "flow":
      return <FlowField {...props} />;
    case "record":
    case "":
      return null;
  }
}

function HandlerFields({ draft, onChange }: DraftProps<CallbackDraft>) {
  const field = bind(draft, onChange);
  const may = useMay();
  return (
    <>
      <TextField
        {...field("url", "callbackActivity.url")}
        label="URL of the handler"
        help="It gets one POST for each call. A 4xx reply means that the call was wrong; any other reply that is not 2xx means that handling it failed."
        placeholder="https://"
        isCode
      />
      <Pair>
        <TextField
          {...field("timeout", "callbackActivity.timeoutSeconds")}
          label="Time-out in seconds"
          help={<FieldHelp of="callback" path="callbackActivity.timeoutSeconds" />}
          type="number"
        />
        <TextField
          {...field("callbackActivityCase")}
          label="Callback activity case"
          help={<FieldHelp of="callback" path="callbackActivityCase" />}
          placeholder="1:142:432"
          isCode
        />
      </Pair>
      {may("config.read") ? (
        <SecretField
          {...field("signingSecret", "callbackActivity.signingSecret")}
          label="Signing secret"
          help={<FieldHelp of="callback" path="callbackActivity.signingSecret" />}
          none="Not signed"
          valueHelp="whsec_ and the key in base64. It is stored encrypted, and nobody can read it again."
        />
      ) : (
        <TextField
          {...field("signingSecret", "callbackActivity.signingSecret")}
          label="Signing secret"
          help={<FieldHelp of="callback" path="callbackActivity.signingSecret" />}
          isCode
        />
      )}
    </>
  );
}

/** A choice for who may see the flows; everybody else types the name. */
function FlowField({ draft, onChange }: DraftProps<CallbackDraft>) {
  const canList = useMay()("config.read");
  const flows = useQuery({ ...flowsQuery(useWorkspace()), enabled: canList });
  const field = { ...bind(draft, onChange)("flow", "callbackActivity.flow"), label: "Flow" };
  if (!canList) return <TextField {...field} help={<FieldHelp of="callback" path="callbackActivity.flow" />} isCode />;
  return (
    <NameField
      {...field}
      help={flows.data?.length === 0 ? "There is no flow yet: create one first." : "Its message is the call's body."}
      choices={flows.data}
      none="Choose a flow"
    />
  );
}
