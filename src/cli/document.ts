/** Configuration documents in YAML or JSON, with the line numbers of their fields. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { FieldProblem } from "../client/index.ts";
import { accessFile, Failure, refused } from "./failure.ts";

/** The number of values that nested aliases may produce from one anchor. */
const ALIAS_LIMIT = 100;

export interface ConfigFile {
  readonly content: unknown;
  /** Adds the line to each problem whose field is in the document. */
  located(problems: readonly FieldProblem[]): FieldProblem[];
}

/** @param name a file; `-` is stdin. */
export async function readConfigFile(name: string): Promise<ConfigFile> {
  const source = await (name === "-"
    ? text(process.stdin)
    : accessFile(name, "read", () => readFileSync(name, "utf8")));
  const lines = new LineCounter();
  const { document, content } = parse(name, source, lines);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    const message = `${name} is no configuration: it has no sections such as flows and triggers.`;
    throw refused(message, { code: "invalid-document" });
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

/** Refuses invalid documents, and those whose aliases or nesting would exhaust the memory: files are not trusted. */
function parse(name: string, source: string, lines: LineCounter) {
  const unreadable = (reason: string) => refused(`${name} cannot be read: ${reason}`, { code: "invalid-document" });
  try {
    const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true });
    const [error] = document.errors;
    if (error) throw unreadable(error.message.trim());
    const content: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT });
    // Fails for an alias within its own anchor, which parsing does not detect.
    JSON.stringify(content);
    return { document, content };
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof RangeError) throw unreadable("it is nested too deeply.");
    if (error instanceof ReferenceError) throw unreadable("its aliases produce too many values.");
    if (error instanceof TypeError) throw unreadable("an alias is within its own anchor.");
    throw error;
  }
}

/** The node at a path such as `flows.x.steps[0].url`, or its nearest parent. Names may contain dots. */
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
