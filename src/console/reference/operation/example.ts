/** Requests that can be copied. */
import type { Content, Operation, Schema } from "../description.ts";
import { alternatives } from "../schema/schema-words.ts";

/** The description's media type for bodies of any type. */
const ANY_TYPE = "*/*";

/** An operation as a command of the shell, with what its description gives as examples. */
export function curlOf({ method, path, parameters, body, isGuarded }: Operation, origin: string): string {
  const given = (name: string) => String(parameters.find((one) => one.name === name)?.example ?? name);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given(name)));
  const headers = parameters.filter((one) => one.in === "header" && one.required);
  const [type, content] = Object.entries(body?.contents ?? {})[0] ?? [];
  const parts = [
    `curl${method === "GET" ? "" : ` -X ${method}`} ${quote(origin + filled)}`,
    ...(isGuarded ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...headers.map(({ name }) => `-H "${name}: ${given(name)}"`),
    ...(content ? bodyOptions(type ?? ANY_TYPE, content) : []),
  ];
  return parts.join(" \\\n  ");
}

function bodyOptions(type: string, content: Content): string[] {
  const known = type === ANY_TYPE ? "application/json" : type;
  const value = type === ANY_TYPE ? { id: 1 } : exampleOf(content);
  return [`-H ${quote(`content-type: ${known}`)}`, `-d ${quote(JSON.stringify(value, null, 2))}`];
}

/** The example of a body; without one, the least that its schema wants. */
const exampleOf = ({ schema, example }: Content): unknown => example ?? leastOf(schema);

function leastOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [first] = alternatives(schema);
  if (first) return leastOf(first);
  if (schema.properties) {
    const { properties, required = [] } = schema;
    return Object.fromEntries(required.map((name) => [name, leastOf(properties[name] ?? {})]));
  }
  if (schema.type === "array") return [];
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 0;
  if (schema.type === "boolean") return false;
  return schema.type === "string" ? "text" : {};
}

/** Quotes a text as one literal word of the shell. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
