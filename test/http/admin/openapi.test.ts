import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { zodOf } from "../../support/described.ts";

const gateway = inject("gateway");

const get = async (name: string) => {
  const answer = await fetch(`${gateway.url}/api/v1/${name}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: Schema[];
  readonly anyOf?: Schema[];
}

interface Parameter {
  readonly name: string;
  readonly description?: string;
}

interface Operation {
  readonly operationId: string;
  readonly tags: string[];
  readonly parameters?: (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
}

interface Description {
  readonly tags: { name: string; description?: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}

const nameOf = ($ref: string) => $ref.slice($ref.lastIndexOf("/") + 1);

const operationsOf = ({ paths }: Description) =>
  Object.values(paths).flatMap(({ parameters: _, ...methods }) => Object.values(methods));

/** The schemas directly within a schema that are not its properties. */
const innerOf = ({ items, additionalProperties, oneOf = [], anyOf = [] }: Schema) =>
  [items, additionalProperties, ...oneOf, ...anyOf].filter((one) => typeof one === "object");

/** Paths of the fields that have no description. */
function bareFields(given: Schema, path: string, schemas: Description["components"]["schemas"]): string[] {
  const resolved = (one: Schema) => (one.$ref === undefined ? one : { ...schemas[nameOf(one.$ref)], ...one });
  const schema = resolved(given);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
      ...(resolved(field).description ? [] : [`${path}.${name}`]),
      ...bareFields(field, `${path}.${name}`, schemas),
    ]),
    ...innerOf(schema).flatMap((one) => bareFields(one, path, schemas)),
  ];
}

/** Every object schema within a schema that is written in place, as JSON. */
function objectsIn(schema: Schema): string[] {
  const fields = Object.values(schema.properties ?? {});
  const inner = [...fields, ...innerOf(schema)].flatMap(objectsIn);
  return fields.length > 2 ? [JSON.stringify(schema), ...inner] : inner;
}

/** The paths of contract.md. */
const PROMISED = `
GET /api/v1/workspaces; PUT GET DELETE /api/v1/workspaces/{ws}; PUT GET DELETE /flows/{}; GET /flows; PUT GET DELETE /triggers/{};
GET /triggers; POST GET /triggers/{}/keys; PATCH DELETE /triggers/{}/keys/{}; PUT DELETE /secrets/{}; GET /secrets;
PUT GET DELETE /callback-configs/{}; GET /callback-configs; POST GET /callbacks; GET DELETE /callbacks/{}; POST GET /adapters;
GET PUT DELETE /adapters/{}; PUT /adapters/{}/rotate_shared_secret; GET /executions; GET /executions/{}; GET /executions/{}/message;
POST /executions/{}/retry; POST /executions/{}/resubmit; POST /executions/{}/cancel; POST /executions/bulk; GET /lanes;
POST /lanes/{}/retry; POST /lanes/{}/skip; POST /lanes/{}/pause; POST /lanes/{}/resume; POST GET /api/v1/tokens; DELETE /api/v1/tokens/{};
GET PUT /config; POST /cb; POST /adapter/callback; GET /healthz`;

describe("the API description", () => {
  it("is valid OpenAPI 3.1 for a standard linter", async () => {
    const folder = mkdtempSync(join(tmpdir(), "openapi-"));
    try {
      const file = join(folder, "openapi.json");
      writeFileSync(file, JSON.stringify(await get("openapi.json")));
      const bin = join("node_modules", "@redocly", "cli", "bin", "cli.js");
      const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
      const args = [bin, "lint", "--extends=minimal", "--format=stylish", file];
      const output = execFileSync(process.execPath, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      expect(output).not.toMatch(/\berror\b/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("describes every path that the contract promises", async () => {
    const { paths } = (await get("openapi.json")) as { paths: Record<string, object> };
    const described = new Set(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "{}")}`),
      ),
    );
    for (const entry of PROMISED.split(";")) {
      const words = entry.trim().split(/\s+/);
      const path = (words.pop() ?? "").replaceAll(/\{\w+\}/g, "{}");
      const full = /^\/(?:api|cb|adapter\/callback|healthz)/.test(path) ? path : `/api/v1/workspaces/{}${path}`;
      for (const method of words) expect([...described]).toContain(`${method} ${full}`);
    }
  });

  it("says of every group, parameter and input field what it is", async () => {
    const description = (await get("openapi.json")) as unknown as Description;
    const { components } = description;
    const used = operationsOf(description).flatMap(({ tags }) => tags);
    expect(
      description.tags
        .filter(({ description: text }) => text)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...new Set(used)].sort());
    const bare = operationsOf(description).flatMap(({ operationId, parameters = [], requestBody }) => [
      ...parameters
        .map((one) => ("$ref" in one ? (components.parameters[nameOf(one.$ref)] as Parameter) : one))
        .filter((one) => !one.description)
        .map(({ name }) => `${operationId} ${name}`),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        bareFields(schema, operationId, components.schemas),
      ),
    ]);
    expect(bare).toEqual([]);
  });

  it("gives an example of every JSON body, and each is one that its schema takes", async () => {
    const description = (await get("openapi.json")) as unknown as Description;
    const bodies = operationsOf(description).flatMap(({ operationId, requestBody }) => {
      const json = requestBody?.content["application/json"];
      return json ? [{ operationId, ...json }] : [];
    });
    expect(bodies.length).toBeGreaterThan(12);
    for (const { operationId, schema, example } of bodies) {
      expect(example, operationId).toBeDefined();
      const checked = zodOf(schema, description).safeParse(example);
      expect(checked.error?.issues ?? [], operationId).toEqual([]);
    }
  });

  it("names its types, and writes none of them out twice", async () => {
    const description = (await get("openapi.json")) as unknown as Description;
    const { schemas } = description.components;
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(
        "Workspace WorkspaceInput Flow FlowInput Step HttpStep HttpStepInput AdapterStep TransformStep Trigger TriggerInput Callback CallbackInput Execution Lane Adapter Token Problem ConfigDocument".split(
          " ",
        ),
      ),
    );
    const contents: Schema[] = [];
    JSON.stringify(description.paths, (key, value) => {
      if (key === "schema") contents.push(value);
      return value;
    });
    const objects = [...contents, ...Object.values(schemas)].flatMap(objectsIn);
    expect(objects.filter((one, at) => objects.indexOf(one) < at)).toEqual([]);
    expect(JSON.stringify(description).length).toBeLessThan(150_000);
  });

  it("the configuration document has a JSON Schema that editors can complete from", async () => {
    const schema = await get("config.schema.json");
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(Object.keys(schema.properties as object).sort()).toEqual(
      ["$schema", "adapters", "callbackConfigs", "flows", "settings", "triggers"].sort(),
    );
    expect(JSON.stringify(schema)).toContain("callbackTimeoutSeconds");
  });
});
