/** Remote adapters (CD8), in the snake_case of their document. */
import { z } from "zod";
import type { FieldError } from "../refusal.ts";
import { label } from "./names.ts";

/** Largest reply or callback of an adapter unless it is set lower: 600 MB (C26, CD10). */
export const ADAPTER_LIMIT_BYTES = 600 * 1024 * 1024;
const DAY_SECONDS = 86_400;

const columnNames = z.array(z.string().min(1).max(100)).min(1).max(100);

const definition = z
  .strictObject({
    key: z.string().min(1).max(100),
    kind: z.enum(["string", "boolean", "number", "table"]),
    label,
    required: z.boolean(),
    /** The keys that a row may have; without it any. */
    columns: columnNames.optional(),
  })
  .superRefine(({ kind, columns }, context) => {
    if (columns && kind !== "table") {
      context.addIssue({ code: "custom", path: ["columns"], message: "only a table has columns" });
    }
  });

const definitions = z
  .array(definition)
  .max(100)
  .superRefine((all, context) => {
    all.forEach(({ key }, index) => {
      if (all.findIndex((other) => other.key === key) < index) {
        context.addIssue({ code: "custom", path: [index, "key"], message: "another one has this key" });
      }
    });
  });

/** An adapter but for its secret and the rule that ties solution and type. */
export const adapterFields = z.strictObject({
  name: label,
  type: z.enum(["input", "output"]),
  /** The solution that an output adapter is registered to, such as `co2.register_shipment` (C11). */
  solution: z.string().trim().min(1).max(200).optional(),
  webhook_url: z.string().max(2_000),
  configuration: definitions.default([]),
  /** Longest time for the whole exchange, to the last byte of the reply (C27, CD11). */
  timeout_seconds: z.number().min(0.1).max(300).default(45),
  /** Largest reply and callback (C26). */
  max_response_bytes: z.int().min(1).max(ADAPTER_LIMIT_BYTES).default(ADAPTER_LIMIT_BYTES),
  /** How long a callback is awaited (C29). */
  token_ttl_seconds: z
    .int()
    .min(1)
    .max(7 * DAY_SECONDS)
    .default(3_600),
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

const sharedSecret = z.string().min(1, "must not be empty").max(1_000);

/** What `PUT /adapters/{id}` takes: the secret is rotated, not changed. */
export const adapterInput = adapterFields.superRefine(checkInput);

/** What `POST /adapters` takes. */
export const newAdapterInput = adapterFields.extend({ shared_secret: sharedSecret }).superRefine(checkInput);

/** What `PUT /adapters/{id}/rotate_shared_secret` takes. */
export const rotationInput = z.strictObject({ shared_secret: sharedSecret });

export const adapterRecord = adapterFields.extend({
  id: z.uuid(),
  created_at: z.string(),
  /** Its secrets, the newest last: an execution is answered with the one that it was sent with. */
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

/** The configuration of a step: a value for each key that needs one. */
export const configurationValues = z.record(z.string(), z.unknown());
export type ConfigurationValues = z.output<typeof configurationValues>;

/** What of a step's configuration does not fit the adapter's definition; `field` is relative to the configuration. */
export function checkConfiguration(values: ConfigurationValues, defined: readonly Definition[]): FieldError[] {
  const unknown = Object.keys(values)
    .filter((key) => !defined.some((one) => one.key === key))
    .map((key) => ({ field: key, message: "the adapter does not define this key" }));
  return [...unknown, ...defined.flatMap((one) => checkValue(own(values, one.key), one))];
}

/** What is sent: one key for each that is registered (C3), null where the step sets none. */
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
