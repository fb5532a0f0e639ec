/** The messages of validation: sentences that begin with the name of the field. */
import { z } from "zod";
import { nearName } from "./near-name.ts";

type Issue = z.core.$ZodRawIssue;

/** The message where the schema has none; undefined is zod's own. Messages never contain the value: it may be a secret. */
export function inWords(issue: Issue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return input === undefined ? "is required" : must([kindOf(issue.expected)], input);
    case "too_small":
      return size(issue.origin, "at least", Number(issue.minimum));
    case "too_big":
      return size(issue.origin, "at most", Number(issue.maximum));
    case "invalid_value":
      return must(issue.values.map(String));
    case "invalid_format":
      return must([FORMATS[issue.format] ?? "of another form"]);
    case "invalid_key":
      return issue.issues[0]?.message;
    case "unrecognized_keys":
      return issue.keys
        .slice(0, UNKNOWN_FIELDS)
        .map((key) => unknownField(key, issue.inst))
        .join("\n");
    case "invalid_union":
      return input === undefined && !issue.options ? "is required" : alternatives(issue);
    default:
      return undefined;
  }
}

/** Most unknown fields of one object that are reported with a suggestion: an answer names no more. */
const UNKNOWN_FIELDS = 50;

/** One line of the issue's message, which has a line for each unknown field. */
function unknownField(name: string, schema: unknown): string {
  const meant = schema instanceof z.ZodObject ? nearName(name, Object.keys(schema.shape)) : undefined;
  return meant === undefined ? "is not a known field" : `is not a known field; did you mean ${meant}?`;
}

const FORMATS: Readonly<Record<string, string>> = {
  datetime: "a time such as 2030-01-31T12:00:00Z",
  url: "an absolute URL such as https://partner.example/hook",
  uuid: "an id such as 0194f0b2-7d1e-7c3a-9b1f-0123456789ab",
};

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const kindOf = (type: string) => KINDS[type] ?? `of the type ${type}`;

function must(be: readonly string[], input?: unknown): string {
  const [wanted, is] = [either(be), input === undefined ? undefined : what(input)];
  // "must be a whole number, not a number" would be absurd; NaN is a number too.
  return is === undefined || (is === "a number" && /number/.test(wanted))
    ? `must be ${wanted}`
    : `must be ${wanted}, not ${is}`;
}

const either = (texts: readonly string[]) =>
  texts.length > 1 ? `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}` : (texts[0] ?? "something else");

function what(input: unknown): string {
  if (typeof input === "boolean") return String(input);
  return kindOf(input === null ? "null" : Array.isArray(input) ? "array" : typeof input);
}

function size(origin: string, relation: "at least" | "at most", limit: number): string {
  const [one, more] = origin === "string" ? ["character", "characters"] : ["entry", "entries"];
  if (!["string", "array", "map", "set"].includes(origin)) return `must be ${relation} ${limit}`;
  if (limit === 1 && relation === "at least") return "must not be empty";
  return `must have ${relation} ${limit} ${limit === 1 ? one : more}`;
}

/** The alternatives of a union: the values of its discriminator, such as `type`, or else the types of the value. */
function alternatives(issue: Issue & { code: "invalid_union" }): string | undefined {
  const { options, errors, input } = issue as typeof issue & { options?: readonly unknown[] };
  if (options && options.length > 0) return must(options.map(String));
  const kinds = errors.flatMap((issues) => {
    const [first] = issues.filter(({ path }) => path.length === 0);
    if (first?.code === "invalid_value") return first.values.map(String);
    return first?.code === "invalid_type" ? [kindOf(first.expected)] : [];
  });
  return kinds.length > 0 ? must([...new Set(kinds)], input) : undefined;
}
