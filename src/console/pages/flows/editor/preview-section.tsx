import { Banner } from "@cloudflare/kumo/components/banner";
import { useQuery } from "@tanstack/react-query";
import type { ExecutionSummary } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { keyOf } from "../../../data/queries.ts";
import { BodyView } from "../../../ui/body/body-view.tsx";
import { Loading } from "../../../ui/data/loaded.tsx";
import { bind } from "../../../ui/form/fields/bind.ts";
import { SelectField, TextAreaField, TextField } from "../../../ui/form/fields/fields.tsx";
import { Pair } from "../../../ui/form/layout.tsx";
import { Fold } from "../../../ui/page/fold.tsx";
import { exactTime } from "../../../ui/text/time.tsx";
import type { Preview, PreviewSettings } from "./preview.ts";

/** How many of the latest executions can be chosen. */
const CHOICE = 30;

interface Props {
  /** Name of the flow; empty for one that is not saved yet. */
  readonly flow: string;
  readonly settings: PreviewSettings;
  readonly onChange: (part: Partial<PreviewSettings>) => void;
  readonly preview: Preview;
}

/** Chooses the message that templates are shown with. */
export function PreviewSection({ flow, settings, onChange, preview }: Props) {
  const { source } = settings;
  return (
    <Fold
      title="Preview of templates"
      summary={source === "off" ? "off" : "shown below each template of the steps that are open"}
      problem={null}
      paths={[]}
    >
      <SelectField
        path=""
        label="Show what templates make of"
        help="It is made here in the browser, by the same engine as in the gateway. Every step is shown with this message, also those that get another one from the step before."
        value={source}
        options={{
          off: "Nothing: no preview",
          sample: "A sample message",
          execution: "The message of a past execution",
        }}
        onChange={(next) => onChange({ source: next })}
      />
      {source === "sample" && <SampleFields settings={settings} onChange={onChange} />}
      {source === "execution" && <PastFields flow={flow} settings={settings} onChange={onChange} />}
      {preview.isLoading && <Loading what="the preview" />}
      {preview.error && <Banner variant="error" title="There is no preview" description={preview.error.message} />}
      {preview.body?.isCut && (
        <Banner variant="alert" title="The message is too large for a preview" description="Choose a smaller one." />
      )}
      {source === "execution" && preview.body && <BodyView body={preview.body} />}
    </Fold>
  );
}

function SampleFields({ settings, onChange }: Pick<Props, "settings" | "onChange">) {
  const field = bind(settings, onChange);
  return (
    <>
      <TextAreaField {...field("sample", "")} label="Sample message" isCode rows={6} />
      <TextField {...field("contentType", "")} label="Content type of the sample" isCode />
    </>
  );
}

function PastFields({ flow, settings, onChange }: Pick<Props, "flow" | "settings" | "onChange">) {
  const workspace = useWorkspace();
  const latest = useQuery({
    queryKey: keyOf(workspace, "executions", "latest", flow),
    queryFn: ({ signal }) => workspace.executions.list({ flow, limit: CHOICE }, { signal }),
    enabled: flow !== "",
  });
  const items = latest.data?.items ?? [];
  const field = bind(settings, onChange);
  if (flow === "" || (latest.data && items.length === 0)) {
    return <p className="subtle">This flow has not run yet. Use a sample message until it has.</p>;
  }
  if (latest.error)
    return <Banner variant="error" title="The executions cannot be listed" description={latest.error.message} />;
  return (
    <Pair>
      <SelectField
        {...field("execution", "")}
        label="Execution"
        options={Object.fromEntries([["", "Choose an execution"], ...items.map((one) => [one.id, nameOf(one)])])}
      />
      <SelectField {...field("at", "")} label="Message" options={{ input: "As it came", now: "As it is now" }} />
    </Pair>
  );
}

const nameOf = ({ id, status, createdAt }: ExecutionSummary) =>
  `${exactTime(createdAt)}, ${status} (${id.slice(0, 8)})`;
