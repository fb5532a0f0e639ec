import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import type { Adapter } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { adaptersQuery } from "../../../data/queries.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { bind } from "../../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../../ui/form/fields/field-help.tsx";
import { SelectField, SwitchField } from "../../../ui/form/fields/fields.tsx";
import { useFieldProblem } from "../../../ui/form/problems.tsx";
import { TextLink } from "../../../ui/text/text-link.tsx";
import { ConfigurationField } from "./configuration-field.tsx";
import type { AdapterDraft, Configuration, Value } from "./flow-draft.ts";
import styles from "./step-fields.module.css";

interface Props {
  readonly step: AdapterDraft;
  /** Path of the step in the flow, such as `steps[0]`. */
  readonly path: string;
  readonly onChange: (part: Partial<Omit<AdapterDraft, "type">>) => void;
}

export function AdapterStepFields({ step, path, onChange }: Props) {
  const adapters = useQuery(adaptersQuery(useWorkspace()));
  return (
    <Loaded query={adapters} what="the adapters">
      {(list) => <Fields step={step} path={path} onChange={onChange} adapters={list} />}
    </Loaded>
  );
}

function Fields({ step, path, onChange, adapters }: Props & { readonly adapters: readonly Adapter[] }) {
  const field = bind(step, onChange, `${path}.`);
  const chosen = adapters.find(({ id }) => id === step.adapter);
  const unknown = step.adapter !== "" && !chosen ? [[step.adapter, `${step.adapter} (not there any more)`]] : [];
  const options: Record<string, string> = Object.fromEntries([
    ["", "Choose an adapter"],
    ...adapters.map(({ id, name, solution }) => [id, solution === undefined ? name : `${name} (${solution})`]),
    ...unknown,
  ]);
  return (
    <>
      {adapters.length === 0 && (
        <Banner
          variant="secondary"
          title="No adapters yet"
          description={
            <>
              An adapter is registered before a step can call it.{" "}
              <TextLink href="/adapters">Go to the adapters</TextLink>
            </>
          }
        />
      )}
      <SelectField
        {...field("adapter")}
        label="Adapter"
        help="It is called with a signed request, and its answer or its callback becomes the message."
        options={options}
      />
      {chosen && (
        <ConfigurationFields
          adapter={chosen}
          path={`${path}.configuration`}
          values={step.configuration}
          onChange={(configuration) => onChange({ configuration })}
        />
      )}
      <SwitchField
        {...field("progress")}
        label="Take reports of progress"
        help={<FieldHelp of="flow" path="steps[].progress" />}
      />
    </>
  );
}

interface ConfigurationProps {
  readonly adapter: Adapter;
  readonly path: string;
  readonly values: Configuration;
  readonly onChange: (values: Configuration) => void;
}

/** A field for each key that the adapter defines, and what is left of an earlier definition. */
function ConfigurationFields({ adapter, path, values, onChange }: ConfigurationProps) {
  const { configuration: defined } = adapter;
  const strays = Object.keys(values).filter((key) => !defined.some((one) => one.key === key));
  const set = (key: string, value: Value | undefined) => {
    const { [key]: _, ...others } = values;
    onChange(value === undefined ? others : { ...others, [key]: value });
  };
  return (
    <fieldset className={styles.configuration}>
      <legend className={styles.legend}>Configuration of {adapter.name}</legend>
      {defined.length === 0 && strays.length === 0 && <p className="subtle">This adapter has nothing to configure.</p>}
      {defined.map((one) => (
        <ConfigurationField
          key={one.key}
          path={`${path}.${one.key}`}
          definition={one}
          value={Object.hasOwn(values, one.key) ? values[one.key] : undefined}
          onChange={(value) => set(one.key, value)}
        />
      ))}
      {strays.map((key) => (
        <Stray key={key} name={key} path={`${path}.${key}`} onRemove={() => set(key, undefined)} />
      ))}
    </fieldset>
  );
}

interface StrayProps {
  readonly name: string;
  readonly path: string;
  readonly onRemove: () => void;
}

function Stray({ name, path, onRemove }: StrayProps) {
  const problem = useFieldProblem(path);
  return (
    <p className={styles.stray} {...(problem !== undefined && { role: "alert" })}>
      <span>
        The adapter does not define <code>{name}</code> any more.
      </span>
      <Button size="sm" onClick={onRemove}>
        Remove {name}
      </Button>
    </p>
  );
}
