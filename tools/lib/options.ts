/** The command line of a tool. */
import { parseArgs } from "node:util";

type Defaults = Readonly<Record<string, string | number | boolean>>;
type Options<T> = { -readonly [K in keyof T]: T[K] extends number ? number : T[K] extends string ? string : boolean };

/** Reads `--name value` for each default of that name and type. Throws for unknown names and for what is not a number. */
export function readOptions<T extends Defaults>(defaults: T): Options<T> {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const given = Object.entries(parseArgs({ options }).values).map(([name, value]) => {
    if (typeof defaults[name] !== "number") return [name, value];
    if (value === "" || Number.isNaN(Number(value))) throw new Error(`--${name} is not a number: ${value}`);
    return [name, Number(value)];
  });
  return { ...defaults, ...Object.fromEntries(given) } as Options<T>;
}
