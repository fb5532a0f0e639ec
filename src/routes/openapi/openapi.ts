/** `GET /api/v1/openapi.json`: OpenAPI 3.1 of the whole gateway, made of the schemas that check requests. */
import { z } from "zod";
import { version } from "../../../package.json";
import { STATUS_OF } from "../../core/refusal.ts";
import { configDocument } from "../../core/schema/config-document.ts";
import { problemView } from "../../core/schema/views.ts";
import type { AdminRoute } from "../admin/route.ts";
import { withTexts } from "../openapi-fields.ts";
import { problemsOf, REFUSALS } from "./problems.ts";
import { PUBLIC_PATHS } from "./public-paths.ts";
import { EXAMPLES, PARAMETER_TEXTS, TAG_OF_NOUN, TAG_TEXTS } from "./texts.ts";

type Json = Record<string, unknown>;

const DESCRIPTION =
  "Webhooks in, callbacks back: async HTTP at the edge. Every refusal is an RFC 9457 problem document with a stable code.";

export function describeApi(routes: readonly AdminRoute[], origin: string): Json {
  const schemas = { Problem: describedProblem() };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hookback",
      version,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: origin }],
    security: [{ bearer: [] }, { basic: [] }],
    tags: Object.entries(TAG_TEXTS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...PUBLIC_PATHS },
    components: {
      schemas,
      responses: REFUSALS,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "ADMIN_TOKEN or a personal access token." },
        basic: { type: "http", scheme: "basic", description: "The same token as password, with an empty user name." },
      },
    },
  };
}

/** JSON Schema of the configuration document, for editors. */
export const describeConfigDocument = (id: string): Json => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: id,
  title: "Hookback configuration",
  ...withTexts(jsonSchema(configDocument, "input"), "config"),
});

function operationOf(route: AdminRoute): Json {
  const { method, path, summary, permission, body, query, answers } = route;
  const id = operationId(method, path);
  const tag = tagOf(route);
  const pathParameters = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    ...{ name, in: "path", required: true },
    ...PARAMETER_TEXTS[name],
    schema: { type: "string" },
  }));
  const parameters = [...pathParameters, ...(query ? queryParameters(query) : [])];
  return {
    operationId: id,
    summary,
    tags: [tag],
    description: permission === null ? "Any valid token." : `Permission: \`${permission}\`.`,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: withTexts(jsonSchema(body, "input"), tag),
            ...(EXAMPLES[id] !== undefined && { example: EXAMPLES[id] }),
          },
        },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, tag)])),
      ...problemsOf(route),
    },
  };
}

function answerOf(answer: z.ZodType | string | null, tag: string): Json {
  if (answer === null) return { description: "Done." };
  if (typeof answer === "string") return { description: "As it is.", content: { [answer]: { schema: {} } } };
  const schema = withTexts(jsonSchema(answer, "output"), tag);
  return { description: "Done.", content: { "application/json": { schema } } };
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", description: PARAMETER_TEXTS[name]?.description, schema },
    ...(required.includes(name) && { required: true }),
  }));
}

/** The problem document with all its codes, which the schema of the protocol leaves open. */
function describedProblem(): Json {
  const schema = jsonSchema(problemView, "output") as { properties: Record<string, Json> };
  const texts: Record<string, Json> = {
    type: { description: "A URN with the code." },
    title: { description: "The HTTP status in words." },
    status: { description: "The HTTP status." },
    detail: { description: "What is wrong, in a sentence for people." },
    code: { description: "What is wrong, for programs. It does not change.", enum: Object.keys(STATUS_OF) },
    errors: { description: "What is wrong with each field of the input." },
    executionId: { description: "The execution that it is about." },
  };
  const properties = Object.entries(schema.properties).map(([name, field]) => [name, { ...texts[name], ...field }]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/**
 * JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. What only a check can tell is not in it. What a transform makes
 * of a stored value is of the same form as the value: each only cleans up.
 */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, {
    ...{ io, target: "draft-2020-12", unrepresentable: "any" },
    override: ({ zodSchema, jsonSchema: made }) => {
      const { def } = zodSchema._zod;
      const isTransform = io === "output" && def.type === "pipe" && def.out._zod.def.type === "transform";
      if (isTransform) Object.assign(made, jsonSchema(def.in as z.ZodType, io));
    },
  });
  return plain as Json;
}

/** The group of a route: the noun that it is about. */
function tagOf({ path }: AdminRoute): string {
  const noun = path.replace(/^\/workspaces\/:ws\//, "/").split("/")[1] ?? "workspaces";
  return TAG_OF_NOUN[noun] ?? noun;
}

const operationId = (method: string, path: string) =>
  [method.toLowerCase(), ...path.replace(/^\/workspaces\/:ws/, "/workspace").split(/[/:_-]+/)]
    .filter(Boolean)
    .map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
    .join("");
