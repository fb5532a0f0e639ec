/** The draft of an adapter: numbers are text, so that they stay as they are typed. */
import type { Adapter, AdapterInput } from "../../../client/index.ts";
import { rowId } from "../../ui/form/fields/row-id.ts";

type Definition = NonNullable<AdapterInput["configuration"]>[number];
export type Kind = Definition["kind"];

export interface DefinitionRow {
  readonly id: string;
  readonly key: string;
  readonly kind: Kind;
  readonly label: string;
  readonly required: boolean;
  /** Names separated by commas; of a table only. */
  readonly columns: string;
}

export interface AdapterDraft {
  readonly name: string;
  readonly type: Adapter["type"];
  readonly solution: string;
  readonly webhookUrl: string;
  readonly configuration: readonly DefinitionRow[];
  readonly timeout: string;
  readonly maxMebibytes: string;
  readonly tokenMinutes: string;
}

const MEBIBYTE = 1024 * 1024;
const MINUTE_SECONDS = 60;

export const NEW_ADAPTER: AdapterDraft = {
  name: "",
  type: "input",
  solution: "",
  webhookUrl: "",
  configuration: [],
  timeout: "45",
  maxMebibytes: "600",
  tokenMinutes: "60",
};

export const blankDefinition = (): DefinitionRow => ({
  id: rowId(),
  key: "",
  kind: "string",
  label: "",
  required: true,
  columns: "",
});

export function draftOf(adapter: Adapter): AdapterDraft {
  return {
    name: adapter.name,
    type: adapter.type,
    solution: adapter.solution ?? "",
    webhookUrl: adapter.webhook_url,
    configuration: adapter.configuration.map(({ columns = [], ...one }) => ({
      ...one,
      id: rowId(),
      columns: columns.join(", "),
    })),
    timeout: String(adapter.timeout_seconds),
    maxMebibytes: String(adapter.max_response_bytes / MEBIBYTE),
    tokenMinutes: String(adapter.token_ttl_seconds / MINUTE_SECONDS),
  };
}

/** The input of the API; a number that is left empty has its default. */
export function inputOf(draft: AdapterDraft): AdapterInput {
  const { name, type, solution, webhookUrl, configuration, timeout, maxMebibytes, tokenMinutes } = draft;
  return {
    name,
    type,
    ...(type === "output" && solution.trim() !== "" && { solution }),
    webhook_url: webhookUrl.trim(),
    configuration: configuration.map(definitionOf),
    ...(timeout !== "" && { timeout_seconds: Number(timeout) }),
    ...(maxMebibytes !== "" && { max_response_bytes: Math.round(Number(maxMebibytes) * MEBIBYTE) }),
    ...(tokenMinutes !== "" && { token_ttl_seconds: Math.round(Number(tokenMinutes) * MINUTE_SECONDS) }),
  };
}

function definitionOf({ key, kind, label, required, columns }: DefinitionRow): Definition {
  const names = columns
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { key, kind, label, required, ...(kind === "table" && names.length > 0 && { columns: names }) };
}
