/** Liquid templates: validated when they are saved, bounded when they run, with access to nothing but their values. */
import { Context, defaultOperators, type Emitter, Liquid, LiquidError, type Template } from "liquidjs";

/** Longest source of a template, in characters. */
const PARSE_LIMIT = 100_000;
/** Parsed templates in the cache, in characters of their sources; parsed ones take many times the memory. */
const CACHE_CHARACTERS = 200_000;
/**
 * Limit of one rendering in units of work: one for a character read or written, more for an array item or a node of the template. Time
 * cannot be the limit, because the clock of a Worker does not advance while code runs.
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
      const { contains } = defaultOperators as Record<string, (...values: unknown[]) => boolean>;
      return contains?.(list, item, context) ?? false;
    },
  },
});

// These evaluate an expression for each item, which no limit counts.
for (const name of Object.keys(engine.filters)) if (name.endsWith("_exp")) delete engine.filters[name];

// Every filter reads all of its input, but not all of them count it.
for (const [name, filter] of Object.entries(engine.filters)) {
  const { handler, raw } = typeof filter === "function" ? { handler: filter, raw: false } : filter;
  const counted: typeof handler = function (input: unknown, ...others) {
    if (typeof input === "string") this.context.memoryLimit.use(input.length);
    if (Array.isArray(input)) this.context.memoryLimit.use(input.length * ITEM_WORK);
    return handler.call(this, input, ...others);
  };
  engine.filters[name] = { raw, handler: counted };
}

// There are no other templates to include.
for (const name of ["include", "render", "layout", "block"]) delete engine.tags[name];

// All text is written through an emitter that counts it, captures included.
const renderTemplates = engine.renderer.renderTemplates.bind(engine.renderer);
engine.renderer.renderTemplates = (templates, context, emitter = new CountingEmitter(context.memoryLimit)) =>
  renderTemplates(templates, context, emitter);

/** The remaining work of a rendering. The engine takes it for its memory limit and for its clock. */
class Budget {
  #left = WORK_LIMIT;

  use(work: number): void {
    if (!(work > 0)) return;
    this.#left -= work;
    if (this.#left < 0) throw new Error("the template does too much work");
  }

  /** Called at each node. */
  check(): void {
    this.use(NODE_WORK);
  }
}

class CountingEmitter implements Emitter {
  buffer = "";
  readonly #budget: Pick<Budget, "use">;

  constructor(budget: Pick<Budget, "use">) {
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

/** A parsed template with the names that it uses, because finding those takes longer than rendering. */
interface Parsed {
  readonly template: Template[];
  segments?: readonly (readonly unknown[])[];
}

const cache = new Map<string, Parsed>();
let cachedCharacters = 0;

function parse(source: string): Parsed {
  const known = cache.get(source);
  if (known) return known;
  const parsed: Parsed = { template: engine.parse(source) };
  cache.set(source, parsed);
  cachedCharacters += source.length;
  for (const oldest of cache.keys()) {
    if (cachedCharacters <= CACHE_CHARACTERS) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
  return parsed;
}

function segmentsOf(source: string): readonly (readonly unknown[])[] {
  const parsed = parse(source);
  parsed.segments ??= engine.globalVariableSegmentsSync(parsed.template);
  return parsed.segments;
}

/** Returns a problem in words, or null if the template parses and uses only the given top-level names. */
export function checkTemplate(source: string, names: readonly string[]): string | null {
  if (source.length > PARSE_LIMIT) return `is longer than ${PARSE_LIMIT} characters`;
  try {
    const unknown = segmentsOf(source).find(([name]) => !names.includes(String(name)));
    return unknown ? `"${unknown[0]}" is unknown here; there are ${names.join(", ")}` : null;
  } catch (error) {
    return describe(error);
  }
}

/** Returns the members of a top-level value that a template names, such as the secrets it uses. Null means the whole value. */
export function membersUsed(source: string, name: string): (string | null)[] {
  return segmentsOf(source)
    .filter(([first]) => first === name)
    .map(([, member]) => (typeof member === "string" ? member : null));
}

/**
 * An error is a sentence with line and column.
 *
 * @param lenient true if missing values are empty, not an error.
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

/** Returns the engine's message without the excerpt of the source, which may quote values. */
function describe(error: unknown): string {
  if (!LiquidError.is(error)) throw error;
  return error.message.split("\n", 1)[0] ?? "The template is not valid.";
}
