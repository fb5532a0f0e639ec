/** A configuration document in YAML or JSON, and where in it things stand. */
import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { FieldProblem } from "../client/index.ts";
import { Failure, fileTrouble, refused, wrongUsage } from "./failure.ts";
import { allOf } from "./stdin.ts";

/** How often what an anchor holds may be repeated by aliases in each other. */
const ALIAS_LIMIT = 100;

export interface ConfigFile {
  readonly content: unknown;
  /** The problems with the line that each is about, where there is one. */
  located(problems: readonly FieldProblem[]): FieldProblem[];
}

/** @param name a file; `-` is stdin. */
export async function readConfigFile(name: string): Promise<ConfigFile> {
  const text = name === "-" ? (await allOf(process.stdin)).toString("utf8") : readText(name);
  const lines = new LineCounter();
  const { document, content } = parse(name, text, lines);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw refused(`${name} is no configuration: it has no sections such as flows and triggers.`, {
      code: "invalid-document",
    });
  }
  return {
    content,
    located: (problems) =>
      problems.map(({ field, message }) => {
        const offset = find(document.contents, field)?.range?.[0];
        const line = offset === undefined ? undefined : lines.linePos(offset).line;
        return { field: line === undefined ? field : `${name}:${line} ${field}`, message };
      }),
  };
}

/** Files may come from anybody: one that multiplies or nests itself without end is refused like one that is broken. */
function parse(name: string, text: string, lines: LineCounter) {
  const unreadable = (why: string) => refused(`${name} cannot be read: ${why}`, { code: "invalid-document" });
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
    const [error] = document.errors;
    if (error) throw unreadable(error.message.trim());
    const content: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT });
    // An alias within its own anchor has no end, which only writing it out shows.
    JSON.stringify(content);
    return { document, content };
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof RangeError) throw unreadable("it nests too deep.");
    if (error instanceof ReferenceError) throw unreadable("its aliases make too much of it.");
    if (error instanceof TypeError) throw unreadable("an alias stands within its own anchor.");
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw wrongUsage(`${file} cannot be read: ${fileTrouble(error)}.`);
  }
}

/** The node of a path such as `flows.x.steps[0].url`, or the nearest one around it. Names may hold dots. */
function find(node: unknown, path: string): Node | undefined {
  if (isSeq(node)) {
    const [head, index] = /^\[(\d+)\]\.?/.exec(path) ?? [];
    const item = head === undefined ? undefined : node.items[Number(index)];
    return (item && head !== undefined ? find(item, path.slice(head.length)) : undefined) ?? node;
  }
  if (!isMap(node)) return isScalar(node) ? node : undefined;
  const named = node.items.filter(({ key }) => isScalar(key) && startsWith(path, String(key.value)));
  const [pair] = named.sort((a, b) => String(b.key).length - String(a.key).length);
  if (!pair || !isScalar(pair.key)) return node;
  const rest = path.slice(String(pair.key.value).length).replace(/^\./, "");
  const inner = rest === "" ? undefined : find(pair.value, rest);
  return inner === undefined || inner === pair.value ? pair.key : inner;
}

const startsWith = (path: string, name: string) => path.startsWith(name) && /^(?:$|[.[])/.test(path.slice(name.length));
