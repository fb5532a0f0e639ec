/** Answers against the API's own description. */
import { z } from "zod";

interface Description {
  readonly paths: Record<
    string,
    Record<string, { responses?: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  readonly components: { readonly schemas: Record<string, object> };
}

/** A schema of the description as a Zod schema. */
export function zodOf(schema: object, { components }: Pick<Description, "components">): z.ZodType {
  const whole = JSON.stringify({ ...schema, $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll("#/components/schemas/", "#/$defs/")));
}

const descriptions = new Map<string, Promise<Description>>();
const schemas = new Map<string, z.ZodType | null>();

/** Throws when the description of the gateway at `origin` does not allow the JSON answer of an admin route. */
export async function expectDescribed(
  origin: string,
  method: string,
  path: string,
  status: number,
  answer: unknown,
): Promise<void> {
  const description =
    descriptions.get(origin) ??
    fetch(`${origin}/api/v1/openapi.json`).then((described) => described.json() as Promise<Description>);
  descriptions.set(origin, description);
  const { paths } = (await description) as Description;
  const pathname = `/api/v1${path.split("?", 1)[0]}`;
  const found = Object.keys(paths).filter((pattern) => matches(pattern, pathname));
  // Fixed segments before parameters, as routes are found.
  const [pattern] = found.sort((a, b) => a.split("{").length - b.split("{").length);
  const operation = pattern === undefined ? undefined : paths[pattern]?.[method.toLowerCase()];
  if (!pattern || !operation) throw new Error(`${method} ${path} is not described`);
  const key = `${method} ${pattern} ${status}`;
  const known = schemas.get(key);
  const json = operation.responses?.[status]?.content?.["application/json"]?.schema;
  const schema = known ?? (json ? zodOf(json, await description) : null);
  schemas.set(key, schema);
  if (!schema) throw new Error(`${key} answers JSON, and the description knows of none`);
  const checked = schema.safeParse(answer);
  if (!checked.success) throw new Error(`${key} answers what is not described: ${z.prettifyError(checked.error)}`);
}

const matches = (pattern: string, path: string) =>
  new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
