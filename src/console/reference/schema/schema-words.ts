/** Schemas in words. */
import type { Schema } from "../description.ts";

/** Formats with their names for people. */
const FORMATS: Readonly<Record<string, string>> = {
  uuid: "UUID",
  "date-time": "time (ISO 8601)",
  uri: "URL",
};

export const alternatives = ({ oneOf, anyOf }: Schema): readonly Schema[] => oneOf ?? anyOf ?? [];

const isMap = ({ type, properties }: Schema) => type === "object" && properties === undefined;

/** The type of a value, such as "array of string" or "URL or null". */
export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const several = alternatives(schema);
  if (several.length > 0) return [...new Set(several.map(typeOf))].join(" or ");
  if (schema.format !== undefined) return FORMATS[schema.format] ?? schema.format;
  if (schema.type === "array") return `array of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (isMap(schema) && typeof schema.additionalProperties === "object") {
    return `object of ${typeOf(schema.additionalProperties)} by name`;
  }
  if (schema.enum) return [...new Set(schema.enum.map((value) => typeof value))].join(" or ");
  if (schema.type === undefined) return "anything";
  return typeof schema.type === "string" ? schema.type : schema.type.join(" or ");
}

/** Its limits, each in a few words. */
export function limitsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  return [
    range(isBound(minimum) ? minimum : undefined, isBound(maximum) ? maximum : undefined, ""),
    range(minLength, maxLength, "characters"),
    range(minItems, maxItems, "items"),
  ].flatMap((limit) => limit ?? []);
}

/** The bounds of integers that JSON can tell apart go without saying. */
const isBound = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

const numbers = new Intl.NumberFormat("en-US");

function range(least: number | undefined, most: number | undefined, what: string): string | undefined {
  const unit = what === "" ? "" : ` ${most === 1 && least === undefined ? what.slice(0, -1) : what}`;
  if (least !== undefined && most !== undefined) return `${numbers.format(least)} to ${numbers.format(most)}${unit}`;
  if (most !== undefined) return `at most ${numbers.format(most)}${unit}`;
  if (least !== undefined) return `at least ${numbers.format(least)}${least === 1 ? unit.replace(/s$/, "") : unit}`;
  return undefined;
}

/** The schema within that has fields or alternatives of its own; undefined where the words above say all. */
export function innerOf(schema: Schema): Schema | undefined {
  if (schema.properties || alternatives(schema).some((one) => innerOf(one) || hasDetails(one))) return schema;
  if (schema.items) return innerOf(schema.items);
  return typeof schema.additionalProperties === "object" ? innerOf(schema.additionalProperties) : undefined;
}

const hasDetails = (schema: Schema) =>
  limitsOf(schema).length > 0 || schema.pattern !== undefined || choicesOf(schema).length > 0;

/** The values to choose from, of the schema itself or of the items of an array. */
export function choicesOf(schema: Schema): readonly unknown[] {
  if (schema.enum) return schema.enum;
  if (schema.items) return choicesOf(schema.items);
  return [];
}

export interface Alternative {
  /** The distinguishing fields, such as `type: "http"`. */
  readonly label: string;
  readonly schema: Schema;
}

/** The alternatives of a schema, those within alternatives included. */
export function alternativesOf(schema: Schema): Alternative[] {
  const several = alternatives(schema);
  const telling = tellingFields(several);
  return several.flatMap((one) =>
    alternatives(one).length > 0
      ? alternativesOf(one)
      : [{ label: labelOf(one, telling), schema: one } satisfies Alternative],
  );
}

/** Fields that have a closed set of values in each alternative with fields; none where only one has fields. */
function tellingFields(several: readonly Schema[]): string[] {
  const [first, ...others] = several.filter(({ properties }) => properties);
  if (first === undefined || others.length === 0) return [];
  const isClosed = (schema: Schema, name: string) => {
    const field = schema.properties?.[name];
    return field?.const !== undefined || field?.enum !== undefined;
  };
  return Object.keys(first.properties ?? {}).filter((name) => [first, ...others].every((one) => isClosed(one, name)));
}

function labelOf(schema: Schema, telling: readonly string[]): string {
  const fields = Object.entries(schema.properties ?? {});
  const labels = fields.flatMap(([name, field]) => {
    if (field.const !== undefined) return [`${name}: ${JSON.stringify(field.const)}`];
    return telling.includes(name) && field.enum
      ? [`${name}: ${field.enum.map((one) => JSON.stringify(one)).join(" | ")}`]
      : [];
  });
  return labels.length > 0 ? labels.join(", ") : typeOf(schema);
}
