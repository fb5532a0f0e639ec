/** docs/reference.md against the schemas: every field with its default and its limits, every problem, every filter. */
import { readFileSync } from "node:fs";
import { Liquid } from "liquidjs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BUILT_IN_DOCUMENT_STATUSES } from "../../src/core/execution/document-status.ts";
import { STATUSES } from "../../src/core/execution/execution.ts";
import { checkTemplate } from "../../src/core/message/template.ts";
import { STATUS_OF } from "../../src/core/refusal.ts";
import { PERMISSIONS, secretInput, tokenInput } from "../../src/core/schema/access.ts";
import { newAdapterInput } from "../../src/core/schema/adapter.ts";
import { callbackInput, callbackSettings } from "../../src/core/schema/callback.ts";
import { descriptionsOf } from "../../src/core/schema/descriptions.ts";
import { step } from "../../src/core/schema/flow.ts";
import { apiKeyInput, triggerInput } from "../../src/core/schema/trigger.ts";
import { callbackDetail, executionDetail, laneView } from "../../src/core/schema/views.ts";
import { workspaceInput } from "../../src/core/schema/workspace.ts";

const reference = readFileSync("docs/reference.md", "utf8");

/** The text below a heading, up to the next one. */
function section(heading: string): string {
  const [, text] = new RegExp(`^#+ ${heading}\n(.*?)(?=^#|(?![^]))`, "ms").exec(reference) ?? [];
  if (text === undefined) throw new Error(`docs/reference.md has no heading "${heading}"`);
  return text;
}

/** The rows of the first table of a text, without its head. A bar within a cell is escaped. */
function rows(text: string): string[][] {
  const [table = ""] = /(?:^\|.*\n)+/m.exec(text) ?? [];
  const lines = table.trimEnd().split("\n").slice(2);
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
}

/** A table with the descriptions of its fields in the last column. */
function described(table: string, texts: Readonly<Record<string, string>>): string {
  const [head = "", , ...lines] = table.trimEnd().split("\n");
  const cellsOf = (line: string) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
  const body = lines.map(cellsOf).map((cells) => [...cells.slice(0, -1), texts[codes(cells[0] ?? "")[0] ?? ""] ?? ""]);
  const all = [cellsOf(head), ...body];
  const widths = cellsOf(head).map((_, at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  const [first, ...others] = all.map((cells) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)));
  const rule = widths.map((width) => "-".repeat(width));
  return [first, rule, ...others].map((cells) => `| ${cells?.join(" | ")} |\n`).join("");
}

const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

interface Node {
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly type?: string;
  readonly [bound: string]: unknown;
}

interface Field {
  /** One for each alternative that has the field. */
  readonly nodes: Node[];
  /** Whether every alternative with the field demands it. */
  isRequired: boolean;
}

/** Every field of a schema by its path; alternatives are one. */
function fieldsOf(schema: z.ZodType, io: "input" | "output" = "input"): Map<string, Field> {
  const fields = new Map<string, Field>();
  const walk = (node: Node, path: string): void => {
    for (const branch of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) walk(branch, path);
    if (node.items) walk(node.items, `${path}[]`);
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const at = path ? `${path}.${name}` : name;
      const isRequired = (node.required ?? []).includes(name);
      const known = fields.get(at);
      fields.set(at, {
        nodes: [...(known?.nodes ?? []), child],
        isRequired: isRequired && (known?.isRequired ?? true),
      });
      walk(child, at);
    }
  };
  // Without the names of components, no schema is a reference to another.
  walk(z.toJSONSchema(schema, { io, unrepresentable: "any", metadata: z.registry() }) as Node, "");
  return fields;
}

const BOUNDS = ["minimum", "maximum", "maxLength", "maxItems"];

/** The bounds of a value itself, of its alternatives, and of the items that are no objects. */
function boundsOf(node: Node): number[] {
  const own = BOUNDS.flatMap((name) => (typeof node[name] === "number" ? [node[name] as number] : []));
  const rest = typeof node.additionalProperties === "object" ? [node.additionalProperties] : [];
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...rest, ...(node.items ? [node.items] : [])];
  return [...own, ...inner.filter(({ properties }) => !properties).flatMap(boundsOf)];
}

/** The words that a value can be. */
function wordsOf(node: Node): string[] {
  const own = [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])].map(String);
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items ? [node.items] : [])];
  return [...own, ...inner.filter(({ properties }) => !properties).flatMap(wordsOf)];
}

/** JSON integers are bounded by what a number can hold; that is no limit of ours. */
const isTold = (bound: number) => Math.abs(bound) < Number.MAX_SAFE_INTEGER;

const SAVED: [string, z.ZodType][] = [
  ["Workspace", workspaceInput],
  ["Trigger", triggerInput],
  ["API key", apiKeyInput],
  ["Secret", secretInput],
  ["Token", tokenInput],
  ["Step of type http", step.options[0]],
  ["Step of type adapter", step.options[1]],
  ["Step of type transform", step.options[2]],
  ["Callback", callbackSettings],
  ["Adapter", newAdapterInput],
];

const SHOWN: [string, z.ZodType, Set<string>][] = [
  ["Execution", executionDetail, new Set()],
  ["Lane", laneView, new Set()],
  ["Callback, as it is shown", callbackDetail, new Set(fieldsOf(callbackSettings).keys())],
];

describe("docs/reference.md", () => {
  it.each(SAVED)(
    "%s: the fields of the schema and no others, each with default, words and limits",
    (heading, schema) => {
      const fields = fieldsOf(schema);
      const table = rows(section(heading));
      expect(table.map(([field = ""]) => codes(field)[0])).toEqual([...fields.keys()]);
      for (const [cell = "", type = "", fallback = "", limit = "", meaning = ""] of table) {
        const [name = ""] = codes(cell);
        const { nodes, isRequired } = fields.get(name) as Field;
        const told = `${heading}: ${name}`;
        const defaults = nodes.flatMap((node) => (node.default === undefined ? [] : [JSON.stringify(node.default)]));
        if (isRequired) expect(fallback, told).toBe("required");
        else expect(codes(fallback)[0], told).toBe(defaults[0]);
        for (const bound of nodes.flatMap(boundsOf).filter(isTold)) {
          expect(limit.replaceAll(",", ""), told).toMatch(new RegExp(`(?<![\\d.])${bound}(?![\\d.])`));
        }
        for (const word of nodes.flatMap(wordsOf)) expect(codes(type), told).toContain(word);
        expect(meaning, told).not.toBe("");
      }
    },
  );

  it.each(SHOWN)("%s: what is shown, and nothing else", (heading, schema, elsewhere) => {
    const fields = fieldsOf(schema, "output");
    const table = rows(section(heading));
    expect(table.map(([field = ""]) => codes(field)[0])).toEqual(
      [...fields.keys()].filter((name) => !elsewhere.has(name)),
    );
    for (const [cell = "", type = ""] of table) {
      const words = fields.get(codes(cell)[0] ?? "")?.nodes.flatMap(wordsOf) ?? [];
      for (const word of words) expect(codes(type), `${heading}: ${cell}`).toContain(word);
    }
  });

  it("each meaning is the description in the schema; `vitest --update` writes them", async () => {
    let page = reference;
    for (const [heading, schema] of [...SAVED, ...SHOWN]) {
      const texts = descriptionsOf(schema);
      const [table = ""] = /(?:^\|.*\n)+/m.exec(section(heading)) ?? [];
      page = page.replace(table, () => described(table, texts));
    }
    await expect(page).toMatchFileSnapshot("../../docs/reference.md");
  });

  it("a stored callback configuration has the fields of a callback, and a callback names one beside them", () => {
    const settings = [...fieldsOf(callbackSettings).keys()];
    expect([...fieldsOf(callbackInput).keys()].filter((name) => !settings.includes(name))).toEqual(["config"]);
    expect(section("Callback")).toContain("`config`");
  });

  it("every problem with its status, and no other", () => {
    const told = rows(section("Problems")).map(([code = "", status]) => [codes(code)[0], Number(status)]);
    expect(Object.fromEntries(told)).toEqual(STATUS_OF);
    expect(told).toHaveLength(Object.keys(STATUS_OF).length);
  });

  it("every status, document status and permission", () => {
    expect(rows(section("Status of an execution")).map(([status = ""]) => codes(status)[0])).toEqual([...STATUSES]);
    const documentStatuses = codes(section("Document status")).filter((name) => /^[A-Z]/.test(name));
    expect(new Set(documentStatuses)).toEqual(new Set(BUILT_IN_DOCUMENT_STATUSES));
    expect(rows(section("Permissions")).map(([name = ""]) => codes(name)[0])).toEqual([...PERMISSIONS]);
  });

  it("every filter and tag that templates have", () => {
    const { filters, tags } = new Liquid();
    const has = (name: string, source: string) =>
      ![`undefined filter: ${name}`, `tag "${name}" not found`].some((problem) =>
        checkTemplate(source, ["message"])?.startsWith(problem),
      );
    const known = Object.keys(filters).filter((name) => has(name, `{{ message | ${name}: message }}`));
    expect(known.length).toBeGreaterThan(60);
    expect(codes(section("Filters")).sort()).toEqual(known.sort());
    const inner = ["break", "continue", "#"];
    const knownTags = Object.keys(tags).filter((name) => !inner.includes(name) && has(name, `{% ${name} message %}`));
    expect(codes(section("Tags")).sort()).toEqual([...knownTags, ...inner].sort());
  });
});
