/** The API description of the gateway, in the shape that the reference draws. */
import { queryOptions } from "@tanstack/react-query";
import { resolveReferences } from "./references.ts";

/** JSON Schema 2020-12, as far as the gateway's description uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  /** The schema for the names of an object's members. */
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string | number;
  readonly schema: Schema;
}

export interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
}

type Contents = Readonly<Record<string, Content>>;

export interface Answer {
  readonly description: string;
  readonly content?: Contents;
}

interface RawOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Contents };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface RawDescription {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation | readonly Parameter[]>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, { readonly scheme: string; readonly description: string }>>;
  };
}

export interface Operation {
  readonly id: string;
  readonly group: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string | undefined;
  /** True when the operation needs a token. */
  readonly isGuarded: boolean;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly isRequired: boolean; readonly contents: Contents } | undefined;
  readonly answers: readonly (Answer & { readonly status: string })[];
  /** The text that the filter searches, in lower case. */
  readonly words: string;
}

export interface Group {
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly operations: readonly Operation[];
}

export interface Description {
  readonly raw: RawDescription;
  readonly origin: string;
  readonly groups: readonly Group[];
}

/** It belongs to no noun of the client and needs no token. */
export const descriptionQuery = queryOptions({
  queryKey: ["openapi"],
  queryFn: async ({ signal }): Promise<Description> => {
    const response = await fetch("/api/v1/openapi.json", { signal });
    if (!response.ok) throw new Error(`The gateway answered ${response.status}.`);
    return shapeOf(resolveReferences((await response.json()) as RawDescription));
  },
  staleTime: Number.POSITIVE_INFINITY,
});

function shapeOf(raw: RawDescription): Description {
  const operations = Object.entries(raw.paths).flatMap(([path, { parameters: shared = [], ...methods }]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationOf(path, method.toUpperCase(), operation as RawOperation, shared as readonly Parameter[]),
    ),
  );
  const groups = raw.tags.map(({ name, description }) => ({
    name,
    title: capitalised(name.replaceAll("-", " ")),
    description,
    operations: operations.filter(({ group }) => group === name),
  }));
  return { raw, origin: raw.servers[0]?.url ?? "", groups: groups.filter((group) => group.operations.length > 0) };
}

function operationOf(
  path: string,
  method: string,
  { operationId, summary, description, tags, security, parameters = [], requestBody, responses }: RawOperation,
  shared: readonly Parameter[],
): Operation {
  const all = [...shared, ...parameters];
  const fields = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => namesIn(schema));
  const names = all.map((parameter) => parameter.name);
  return {
    ...{ id: operationId, group: tags[0] ?? "", method, path, summary, description, parameters: all },
    isGuarded: security === undefined || security.length > 0,
    body: requestBody && { isRequired: requestBody.required ?? false, contents: requestBody.content },
    answers: Object.entries(responses).map(([status, answer]) => ({ status, ...answer })),
    words: [method, path, summary, description, ...tags, ...names, ...fields].join(" ").toLowerCase(),
  };
}

/** The operations that have all words of a filter. */
export function filtered(groups: readonly Group[], filter: string): Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      operations: group.operations.filter((operation) => words.every((word) => operation.words.includes(word))),
    }))
    .filter(({ operations }) => operations.length > 0);
}

/** Names of all fields in a schema, however deep. */
function namesIn({ properties = {}, items, additionalProperties, oneOf = [], anyOf = [] }: Schema): string[] {
  const inner = [...Object.values(properties), ...oneOf, ...anyOf];
  if (items) inner.push(items);
  if (typeof additionalProperties === "object") inner.push(additionalProperties);
  return [...Object.keys(properties), ...inner.flatMap(namesIn)];
}

export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
