/** Liquid templates: checked when they are saved, bounded when they run, without access to anything but their values. */
import { Liquid, LiquidError, type Template } from "liquidjs";

/** Bounds of one rendering: source characters, and the engine's count of work done (array items, loop turns, characters). */
const PARSE_LIMIT = 100_000;
const WORK_LIMIT = 4_000_000;

const engine = new Liquid({
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  ownPropertyOnly: true,
  templates: {},
  cache: 1000,
  parseLimit: PARSE_LIMIT,
  memoryLimit: WORK_LIMIT,
});

/** What is wrong with a template, in words; null when it parses and uses only the given top-level names. */
export function checkTemplate(source: string, names: readonly string[]): string | null {
  try {
    const unknown = segmentsOf(engine.parse(source)).find(([name]) => !names.includes(String(name)));
    return unknown ? `"${unknown[0]}" is unknown here; there are ${names.join(", ")}` : null;
  } catch (error) {
    return describe(error);
  }
}

/** Which members of one top-level value a template names, such as the secrets it uses; null stands for 'the whole of it'. */
export function membersUsed(source: string, name: string): (string | null)[] {
  return segmentsOf(engine.parse(source))
    .filter(([first]) => first === name)
    .map(([, member]) => (typeof member === "string" ? member : null));
}

/** Renders a template. A failure is a value: a sentence with line and column. */
export function renderTemplate(source: string, values: object): { text: string } | { error: string } {
  try {
    return { text: engine.renderSync(engine.parse(source), values) as string };
  } catch (error) {
    return { error: describe(error) };
  }
}

function segmentsOf(template: Template[]): (string | number | unknown)[][] {
  return engine.globalVariableSegmentsSync(template);
}

/** The engine's message without the excerpt of the source, which may quote values. */
function describe(error: unknown): string {
  if (!LiquidError.is(error)) throw error;
  return error.message.split("\n", 1)[0] ?? "The template is not valid.";
}
