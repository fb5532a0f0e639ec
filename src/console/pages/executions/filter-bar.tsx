import { Button } from "@cloudflare/kumo/components/button";
import { Input } from "@cloudflare/kumo/components/input";
import { Select } from "@cloudflare/kumo/components/select";
import { useQuery } from "@tanstack/react-query";
import type { ExecutionFilter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { flowsQuery, triggersQuery } from "../../data/queries.ts";
import { STATUSES } from "../../data/statuses.ts";
import styles from "./filter-bar.module.css";

interface Props {
  readonly filter: ExecutionFilter;
  readonly onChange: (name: keyof ExecutionFilter, value: string) => void;
  readonly onClear: () => void;
}

export function FilterBar({ filter, onChange, onClear }: Props) {
  const workspace = useWorkspace();
  // Without config.read the lists stay empty, and the URL sets the filter.
  const triggers = useQuery(triggersQuery(workspace));
  const flows = useQuery(flowsQuery(workspace));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <search className={styles.bar} aria-label="Filter the executions">
      <Choice name="status" label="Status" all="Any status" options={STATUSES} {...{ filter, onChange }} />
      <Choice
        name="trigger"
        label="Trigger"
        all="Any trigger"
        options={namesOf(triggers.data)}
        {...{ filter, onChange }}
      />
      <Choice name="flow" label="Flow" all="Any flow" options={namesOf(flows.data)} {...{ filter, onChange }} />
      <Moment name="from" label="From" {...{ filter, onChange }} />
      <Moment name="to" label="To" {...{ filter, onChange }} />
      {isFiltered && (
        <Button variant="ghost" onClick={onClear} className={styles.clear ?? ""}>
          Clear filter
        </Button>
      )}
    </search>
  );
}

const namesOf = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);

interface PartProps {
  readonly name: keyof ExecutionFilter;
  readonly label: string;
  readonly filter: ExecutionFilter;
  readonly onChange: Props["onChange"];
}

function Choice({
  name,
  label,
  all,
  options,
  filter,
  onChange,
}: PartProps & { all: string; options: readonly string[] }) {
  const value = filter[name] ?? "";
  const known = value === "" || options.includes(value) ? options : [value, ...options];
  return (
    <Select
      label={label}
      value={value}
      items={[{ value: "", label: all }, ...known.map((option) => ({ value: option, label: option }))]}
      onValueChange={(next) => onChange(name, next ?? "")}
    />
  );
}

/** A time: ISO 8601 in the URL, local time in the field. */
function Moment({ name, label, filter, onChange }: PartProps) {
  const value = filter[name];
  return (
    <Input
      type="datetime-local"
      label={label}
      value={value ? localMinute(new Date(value)) : ""}
      onChange={({ target }) => onChange(name, target.value ? new Date(target.value).toISOString() : "")}
    />
  );
}

/** The form that the control takes: local time down to the minute. */
const localMinute = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
