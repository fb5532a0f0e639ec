/** `GET /api/v1/openapi.json`: OpenAPI 3.1 of the whole gateway, made of the schemas that check requests. */
import { z } from "zod";
import { version } from "../../package.json";
import { configDocument } from "../protocol/schema/config-document.ts";
import { problemView } from "../protocol/schema/views.ts";
import type { AdminRoute } from "./admin/route.ts";
import { PUBLIC_PATHS } from "./public-paths.ts";

type Json = Record<string, unknown>;

const DESCRIPTION =
  "Webhooks in, callbacks back: async HTTP at the edge. Every refusal is an RFC 9457 problem document with a stable code.";

export function describeApi(routes: readonly AdminRoute[], origin: string): Json {
  const schemas = { Problem: jsonSchema(problemView, "output") };
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
    tags: [...new Set(routes.map(tagOf)), "public"].map((name) => ({ name })),
    paths: { ...paths, ...PUBLIC_PATHS },
    components: {
      schemas,
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
  ...jsonSchema(configDocument, "input"),
});

function operationOf(route: AdminRoute): Json {
  const { method, path, summary, permission, body, query, answers } = route;
  const pathParameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true },
    schema: { type: "string" },
  }));
  const parameters = [...pathParameters, ...(query ? queryParameters(query) : [])];
  return {
    operationId: operationId(method, path),
    summary,
    tags: [tagOf(route)],
    description: permission === null ? "Any valid token." : `Permission: \`${permission}\`.`,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body, "input") } } },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      "4XX": PROBLEM,
      "5XX": PROBLEM,
    },
  };
}

const PROBLEM = {
  description: "Why it is refused.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function answerOf(answer: z.ZodType | string | null): Json {
  if (answer === null) return { description: "Done." };
  if (typeof answer === "string") return { description: "As it is.", content: { [answer]: { schema: {} } } };
  return { description: "Done.", content: { "application/json": { schema: jsonSchema(answer, "output") } } };
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", schema },
    ...(required.includes(name) && { required: true }),
  }));
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. What only a check can tell is not in it. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" });
  return plain as Json;
}

/** The noun that a route is about. */
const tagOf = ({ path }: AdminRoute) => path.replace(/^\/workspaces\/:ws\//, "/").split("/")[1] ?? "workspaces";

const operationId = (method: string, path: string) =>
  [method.toLowerCase(), ...path.replace(/^\/workspaces\/:ws/, "/workspace").split(/[/:_-]+/)]
    .filter(Boolean)
    .map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
    .join("");
