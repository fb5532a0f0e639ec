/** Remote adapters (CD8), in the snake_case of their document. */
import { z } from "zod";
import type { FieldError } from "../refusal.ts";
import { int, number, someText, text, unique } from "./fields.ts";
import { label } from "./names.ts";

/** Largest reply or callback of an adapter unless it is set lower: 600 MB (C26, CD10). */
export const ADAPTER_LIMIT_BYTES = 600 * 1024 * 1024;
const DAY_SECONDS = 86_400;

const definition = z
  .strictObject({
    key: someText(100).describe("Name of the value in the request."),
    kind: z
      .enum(["string", "boolean", "number", "table"])
      .describe("Type of the value; a table is a list of row objects."),
    label: label.describe("Text that people read."),
    required: z.boolean().describe("Whether a step must set it."),
    columns: z
      .array(someText(100))
      .min(1)
      .max(100)
      .optional()
      .describe("The keys that a row of a table may have. Without it any."),
  })
  .superRefine(({ kind, columns }, context) => {
    if (columns && kind !== "table") {
      context.addIssue({ code: "custom", path: ["columns"], message: "only a table has columns" });
    }
  })
  .meta({ id: "AdapterDefinition" });

/** The fields of an adapter, without its secret and the rule that connects solution and type. */
export const adapterFields = z.strictObject({
  name: label.describe("Name of the adapter, for people and for flows in configuration documents."),
  type: z
    .enum(["input", "output"])
    .describe("`input` gets files as they arrived and makes data of them; `output` gets data: the message's JSON."),
  solution: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("The solution that an output adapter is registered to, such as `co2.register_shipment`."),
  webhook_url: text(2_000).describe("URL of the adapter. Signed requests are sent to it by POST."),
  configuration: z
    .array(definition)
    .max(100)
    .superRefine(unique("key", "another one has this key"))
    .default([])
    .describe("The values that a step with this adapter may or must configure."),
  timeout_seconds: number(0.1, 300)
    .default(45)
    .describe("Longest time for the whole exchange, including the last byte of the reply; then `bug`."),
  max_response_bytes: int(1, ADAPTER_LIMIT_BYTES)
    .default(ADAPTER_LIMIT_BYTES)
    .describe("Largest reply and largest callback; then `error`."),
  token_ttl_seconds: int(1, 7 * DAY_SECONDS)
    .default(3_600)
    .describe("Longest wait for a callback; then `bug`."),
});

/** Largest definition of an adapter's configuration, in bytes as JSON: all adapters of a workspace are read together. */
const DEFINITION_LIMIT_BYTES = 128 * 1024;

interface Registered {
  readonly type: "input" | "output";
  readonly configuration: unknown;
  readonly solution?: string | undefined;
}

function checkInput({ type, solution, configuration }: Registered, context: z.RefinementCtx): void {
  if (Buffer.byteLength(JSON.stringify(configuration)) > DEFINITION_LIMIT_BYTES) {
    context.addIssue({ code: "custom", path: ["configuration"], message: "is larger than 128 KiB as JSON" });
  }
  if (type === "output" && solution === undefined) {
    context.addIssue({ code: "custom", path: ["solution"], message: "an output adapter is registered to a solution" });
  }
  if (type === "input" && solution !== undefined) {
    context.addIssue({ code: "custom", path: ["solution"], message: "only an output adapter has a solution" });
  }
}

const sharedSecret = z
  .string()
  .min(1, "must not be empty")
  .max(1_000)
  .describe(
    "Signs requests and callbacks; both sides know it. It is stored encrypted, never shown, and changed by rotation only.",
  );

/** The body of `PUT /adapters/{id}`. */
export const adapterInput = adapterFields.superRefine(checkInput).meta({ id: "AdapterInput" });

/** The body of `POST /adapters`. */
export const newAdapterInput = adapterFields
  .extend({ shared_secret: sharedSecret })
  .superRefine(checkInput)
  .meta({ id: "NewAdapterInput" });

/** The body of `PUT /adapters/{id}/rotate_shared_secret`. */
export const rotationInput = z.strictObject({ shared_secret: sharedSecret }).meta({ id: "SharedSecretInput" });

export const adapterRecord = adapterFields.extend({
  id: z.uuid(),
  created_at: z.string(),
  /** The newest is the last. A callback is checked with the secret that its request was signed with. */
  secrets: z.array(z.object({ version: z.int(), sealed: z.string(), at: z.string() })).min(1),
});

export type AdapterInput = z.output<typeof adapterInput>;
export type NewAdapterInput = z.output<typeof newAdapterInput>;
export type Adapter = z.output<typeof adapterRecord>;
export type Definition = z.output<typeof definition>;

/** The adapter as the API shows it, without its secrets. */
export function showAdapter({ secrets, ...shown }: Adapter) {
  return { ...shown, secret_rotated_at: secrets.at(-1)?.at };
}

export const configurationValues = z.record(z.string(), z.unknown());
export type ConfigurationValues = z.output<typeof configurationValues>;

/** Checks a step's configuration against the adapter's definition; `field` is relative to the configuration. */
export function checkConfiguration(values: ConfigurationValues, defined: readonly Definition[]): FieldError[] {
  const unknown = Object.keys(values)
    .filter((key) => !defined.some((one) => one.key === key))
    .map((key) => ({ field: key, message: "the adapter does not define this key" }));
  return [...unknown, ...defined.flatMap((one) => checkValue(own(values, one.key), one))];
}

/** The configuration that is sent: every key of the definition (C3), null where the step sets none. */
export function configurationOf(values: ConfigurationValues, defined: readonly Definition[]): ConfigurationValues {
  return Object.fromEntries(defined.map(({ key }) => [key, own(values, key) ?? null]));
}

function checkValue(value: unknown, { key, kind, required, columns }: Definition): FieldError[] {
  if (value === undefined || value === null) return required ? [{ field: key, message: "is required" }] : [];
  if (kind === "table") return checkTable(value, key, columns);
  return typeof value === kind ? [] : [{ field: key, message: `must be a ${kind}` }];
}

function checkTable(table: unknown, key: string, columns: readonly string[] | undefined): FieldError[] {
  if (!Array.isArray(table)) return [{ field: key, message: "must be a table: an array of row objects" }];
  return table.flatMap((row: unknown, index) => {
    const field = `${key}[${index}]`;
    if (typeof row !== "object" || row === null || Array.isArray(row)) return [{ field, message: "must be an object" }];
    return Object.entries(row).flatMap(([column, cell]) => {
      const at = `${field}.${column}`;
      if (columns && !columns.includes(column))
        return [{ field: at, message: "the adapter does not define this column" }];
      return typeof cell === "object" && cell !== null ? [{ field: at, message: "must be a plain value" }] : [];
    });
  });
}

const own = (values: ConfigurationValues, key: string) => (Object.hasOwn(values, key) ? values[key] : undefined);
