/** Liquid templates: checked when they are saved, bounded when they run, without access to anything but their values. */
import { Context, defaultOperators, type Emitter, Liquid, LiquidError, type Template } from "liquidjs";

/** Longest source of a template, in characters. */
const PARSE_LIMIT = 100_000;
/** Templates kept as they were read, in characters of their sources: what is read takes many times the room. */
const KEPT_CHARACTERS = 200_000;
/**
 * Bound of one rendering, in units of work: a character written or looked at is one, an item of an array or a node of the
 * template some more. Time cannot be the bound: in a Worker the clock stands still while code runs.
 */
const WORK_LIMIT = 4_000_000;
const NODE_WORK = 20;
const COMPARISON_WORK = 5;
const ITEM_WORK = 10;

const engine = new Liquid({
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  ownPropertyOnly: true,
  templates: {},
  parseLimit: PARSE_LIMIT,
  operators: {
    ...defaultOperators,
    contains: (list: unknown, item: unknown, context: Context) => {
      if (Array.isArray(list) || typeof list === "string") context.memoryLimit.use(list.length * COMPARISON_WORK);
      return (defaultOperators.contains as (list: unknown, item: unknown, context: Context) => boolean)(
        list,
        item,
        context,
      );
    },
  },
});

// These evaluate an expression for each item, which no bound sees.
for (const name of Object.keys(engine.filters)) if (name.endsWith("_exp")) delete engine.filters[name];

// Every filter looks at all of its input; not every one says so.
for (const [name, filter] of Object.entries(engine.filters)) {
  const { handler, raw } = typeof filter === "function" ? { handler: filter, raw: false } : filter;
  const counted: typeof handler = function (input: unknown, ...others) {
    if (typeof input === "string") this.context.memoryLimit.use(input.length);
    if (Array.isArray(input)) this.context.memoryLimit.use(input.length * ITEM_WORK);
    return handler.call(this, input, ...others);
  };
  engine.filters[name] = { raw, handler: counted };
}

// There is no other template to be found by name.
for (const name of ["include", "render", "layout", "block"]) delete engine.tags[name];

// Text goes through an emitter that counts it, the text of captures included.
const renderTemplates = engine.renderer.renderTemplates.bind(engine.renderer);
engine.renderer.renderTemplates = (templates, context, emitter = new CountingEmitter(context.memoryLimit)) =>
  renderTemplates(templates, context, emitter);

/** What a rendering may do; the engine asks before it does more. */
class Budget {
  #left = WORK_LIMIT;

  use(work: number): void {
    if (!(work > 0)) return;
    this.#left -= work;
    if (this.#left < 0) throw new Error("the template does too much work");
  }

  /** Asked at each node; the engine takes it for a clock. */
  check(): void {
    this.use(NODE_WORK);
  }
}

class CountingEmitter implements Emitter {
  buffer = "";
  readonly #budget: { use(work: number): void };

  constructor(budget: { use(work: number): void }) {
    this.#budget = budget;
  }

  write(value: unknown): void {
    const text = textOf(value);
    this.#budget.use(text.length);
    this.buffer += text;
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const isPlainList = Array.isArray(value) && value.every((item) => typeof item !== "object");
  return isPlainList ? value.map(textOf).join("") : JSON.stringify(value);
}

/** A template as it was read, with the names that it uses: finding those takes longer than rendering. */
interface Parsed {
  readonly template: Template[];
  segments?: readonly (readonly unknown[])[];
}

const kept = new Map<string, Parsed>();
let keptCharacters = 0;

/** Reads a template, or remembers it. The oldest are forgotten. */
function parse(source: string): Parsed {
  const known = kept.get(source);
  if (known) return known;
  const parsed: Parsed = { template: engine.parse(source) };
  kept.set(source, parsed);
  keptCharacters += source.length;
  for (const oldest of kept.keys()) {
    if (keptCharacters <= KEPT_CHARACTERS) break;
    kept.delete(oldest);
    keptCharacters -= oldest.length;
  }
  return parsed;
}

function segmentsOf(source: string): readonly (readonly unknown[])[] {
  const parsed = parse(source);
  parsed.segments ??= engine.globalVariableSegmentsSync(parsed.template);
  return parsed.segments;
}

/** What is wrong with a template, in words; null when it parses and uses only the given top-level names. */
export function checkTemplate(source: string, names: readonly string[]): string | null {
  if (source.length > PARSE_LIMIT) return `is longer than ${PARSE_LIMIT} characters`;
  try {
    const unknown = segmentsOf(source).find(([name]) => !names.includes(String(name)));
    return unknown ? `"${unknown[0]}" is unknown here; there are ${names.join(", ")}` : null;
  } catch (error) {
    return describe(error);
  }
}

/** Which members of one top-level value a template names, such as the secrets it uses; null stands for 'the whole of it'. */
export function membersUsed(source: string, name: string): (string | null)[] {
  return segmentsOf(source)
    .filter(([first]) => first === name)
    .map(([, member]) => (typeof member === "string" ? member : null));
}

/**
 * Renders a template. A failure is a value: a sentence with line and column.
 *
 * @param lenient what is missing is empty, rather than a failure.
 */
export function renderTemplate(
  source: string,
  values: object,
  { lenient = false } = {},
): { text: string } | { error: string } {
  try {
    const budget = new Budget();
    const limits = { memoryLimit: budget, renderLimit: budget } as unknown as ConstructorParameters<typeof Context>[3];
    const context = new Context(values, engine.options, { sync: true, strictVariables: !lenient }, limits);
    return { text: engine.renderSync(parse(source).template, context) as string };
  } catch (error) {
    return { error: describe(error) };
  }
}

/** The engine's message without the excerpt of the source, which may quote values. */
function describe(error: unknown): string {
  if (!LiquidError.is(error)) throw error;
  return error.message.split("\n", 1)[0] ?? "The template is not valid.";
}
