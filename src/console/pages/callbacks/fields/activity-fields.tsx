import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "../../../data/api.tsx";
import { useMay } from "../../../data/permissions.ts";
import { flowsQuery } from "../../../data/queries.ts";
import { SelectField, TextField } from "../../../ui/form/fields/fields.tsx";
import { SecretField } from "../../../ui/form/fields/secret-field.tsx";
import { Pair, Stack } from "../../../ui/form/layout.tsx";
import type { ActivityType } from "./callback-draft.ts";
import type { FieldsProps } from "./callback-fields.tsx";

const ACTIVITIES: Record<ActivityType, string> = {
  "": "Not set here",
  record: "Record the call",
  http: "Ask a handler of yours",
  flow: "Start a flow",
};

const HELP: Record<ActivityType, string> = {
  "": "Each request says what happens when its callback is called.",
  record: "The call is kept and shown here, and answered as you say below.",
  http: "The call is sent to your URL as JSON. What your handler answers may fill in or override the answer below.",
  flow: "The call becomes the message of a new execution, and is answered as you say below.",
};

/** The activity to invoke when the callback is invoked. */
export function ActivityFields({ draft, change, isPartial }: FieldsProps) {
  const { "": unset, ...known } = ACTIVITIES;
  return (
    <Stack>
      <SelectField
        path="callbackActivity"
        label="Callback activity"
        help={HELP[draft.activity]}
        value={draft.activity}
        onChange={(activity) => change({ activity })}
        options={(isPartial ? { "": unset, ...known } : known) as Record<ActivityType, string>}
      />
      {draft.activity === "http" && <HandlerFields {...{ draft, change, isPartial }} />}
      {draft.activity === "flow" && <FlowField {...{ draft, change, isPartial }} />}
    </Stack>
  );
}

function HandlerFields({ draft, change }: FieldsProps) {
  const may = useMay();
  return (
    <>
      <TextField
        path="callbackActivity.url"
        label="URL of the handler"
        help="It gets one POST for each call. A 4xx of its means that the call was wrong, anything else that is not 2xx that handling it failed."
        placeholder="https://"
        isCode
        value={draft.url}
        onChange={(url) => change({ url })}
      />
      <Pair>
        <TextField
          path="callbackActivity.timeoutSeconds"
          label="Time-out in seconds"
          help="Longest time for the handler's whole answer; 30 when empty."
          type="number"
          value={draft.timeout}
          onChange={(timeout) => change({ timeout })}
        />
        <TextField
          path="callbackActivityCase"
          label="Callback activity case"
          help="If the activity is on another case than the current one, the id of that case. It is sent along in a header."
          placeholder="1:142:432"
          isCode
          value={draft.callbackActivityCase}
          onChange={(callbackActivityCase) => change({ callbackActivityCase })}
        />
      </Pair>
      {may("config.read") ? (
        <SecretField
          path="callbackActivity.signingSecret"
          label="Signing secret"
          help="Signs what is sent, in the form of Standard Webhooks, so that the handler knows who calls."
          none="Not signed"
          valueHelp="whsec_ and the key in base64. It is stored encrypted, and nobody can read it again."
          value={draft.signingSecret}
          onChange={(signingSecret) => change({ signingSecret })}
        />
      ) : (
        <TextField
          path="callbackActivity.signingSecret"
          label="Signing secret"
          help="The name of a secret that signs what is sent, in the form of Standard Webhooks. Empty: not signed."
          isCode
          value={draft.signingSecret}
          onChange={(signingSecret) => change({ signingSecret })}
        />
      )}
    </>
  );
}

/** A choice for who may look at the flows, and a name to type for everybody else. */
function FlowField({ draft, change }: FieldsProps) {
  const may = useMay();
  const flows = useQuery({ ...flowsQuery(useWorkspace()), enabled: may("config.read") });
  const names = new Set([...(flows.data ?? []).map(({ name }) => name), ...(draft.flow === "" ? [] : [draft.flow])]);
  const field = {
    path: "callbackActivity.flow",
    label: "Flow",
    value: draft.flow,
    onChange: (flow: string) => change({ flow }),
  };
  if (!may("config.read")) return <TextField {...field} help="The name of the flow." isCode />;
  return (
    <SelectField
      {...field}
      help={flows.data?.length === 0 ? "There is no flow yet: create one first." : "Its message is the call's body."}
      options={Object.fromEntries([["", "Choose a flow"], ...[...names].map((name) => [name, name])])}
    />
  );
}
