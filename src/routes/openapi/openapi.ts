/** `GET /api/v1/openapi.json`: OpenAPI 3.1 of the whole gateway, made of the schemas that check requests. */
import type { z } from "zod";
import {
  createDocument,
  createSchema,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import { version } from "../../../package.json";
import { configDocument } from "../../core/schema/config-document.ts";
import type { AdminRoute } from "../admin/route.ts";
import { problemsOf, REFUSALS } from "./problems.ts";
import { PUBLIC_PATHS } from "./public-paths.ts";
import { EXAMPLES, PATH_PARAMETERS, TAG_OF_NOUN, TAG_TEXTS } from "./texts.ts";

const DESCRIPTION =
  "Webhooks in, callbacks back: async HTTP at the edge. Every refusal is an RFC 9457 problem document with a stable code.";

/** The pattern of a format says the same at length. */
const withoutPatterns: ZodOpenApiOverride = ({ jsonSchema }) => {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
};

/** Built by the first request: that takes tens of milliseconds, and anybody may ask. */
let built: object | undefined;

export function describeApi(routes: readonly AdminRoute[], origin: string): object {
  built ??= build(routes);
  return { ...built, servers: [{ url: origin }] };
}

function build(routes: readonly AdminRoute[]): object {
  const bodies = new Set(routes.map(({ body }) => body));
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, bodies) };
  }
  const description: ZodOpenApiObject = {
    openapi: "3.1.0",
    info: {
      title: "Hookback",
      version,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ bearer: [] }, { basic: [] }],
    tags: Object.entries(TAG_TEXTS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...(PUBLIC_PATHS as ZodOpenApiPathsObject) },
    components: {
      parameters: PATH_PARAMETERS,
      responses: REFUSALS,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "ADMIN_TOKEN or a personal access token." },
        basic: { type: "http", scheme: "basic", description: "The same token as password, with an empty user name." },
      },
    },
  };
  return createDocument(description, { override: withoutPatterns });
}

/** JSON Schema of the configuration document, for editors. */
export function describeConfigDocument(id: string): object {
  const { components } = createSchema(configDocument, {
    ...{ io: "input", schemaRefPath: "#/$defs/", opts: { override: withoutPatterns } },
  });
  const { ConfigDocument: root, ...$defs } = components;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: id,
    title: "Hookback configuration",
    ...root,
    $defs,
  };
}

function operationOf(route: AdminRoute, bodies: ReadonlySet<unknown>): ZodOpenApiOperationObject {
  const { method, path, summary, permission, body, query, answers } = route;
  const operationId = operationIdOf(method, path);
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ $ref: `#/components/parameters/${name}` }));
  const example = EXAMPLES[operationId];
  return {
    ...{ operationId, summary, tags: [tagOf(route)] },
    description: permission === null ? "Any valid token." : `Permission: \`${permission}\`.`,
    ...(parameters.length > 0 && { parameters }),
    ...(query && { requestParams: { query } }),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body, example } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, bodies)])),
      ...problemsOf(route),
    },
  };
}

function answerOf(answer: z.ZodType | string | null, bodies: ReadonlySet<unknown>): ZodOpenApiResponseObject {
  if (answer === null) return { description: "Done." };
  if (typeof answer === "string") return { description: "As it is.", content: { [answer]: { schema: {} } } };
  // An answer that can be sent back as a request has the type of the request.
  const schema = bodies.has(answer) ? { $ref: `#/components/schemas/${answer.meta()?.id}` } : answer;
  return { description: "Done.", content: { "application/json": { schema } } };
}

/** The group of a route: the noun that it is about. */
function tagOf({ path }: AdminRoute): string {
  const noun = path.replace(/^\/workspaces\/:ws\//, "/").split("/")[1] ?? "workspaces";
  return TAG_OF_NOUN[noun] ?? noun;
}

const operationIdOf = (method: string, path: string) =>
  [method.toLowerCase(), ...path.replace(/^\/workspaces\/:ws/, "/workspace").split(/[/:_-]+/)]
    .filter(Boolean)
    .map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
    .join("");
