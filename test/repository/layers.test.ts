import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve("src");
/** From the bottom up: a layer may import itself and those before it, types included. */
const LAYERS = ["core", "storage", "shard", "services", "routes"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => {
    const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
    const imports = [...code.matchAll(/(?<!\.)\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(
      ([, from = ""]) => from,
    );
    return { file, layer: layerOf(file), code, imports };
  });

/** `src/config.ts` and `src/index.ts` have no layer: the one is open to all but `core`, the other imports what it likes. */
function layerOf(file: string): string {
  return file.includes("/") ? (file.split("/", 1)[0] ?? "") : file;
}

describe("layers", () => {
  it("a lower layer never imports a higher one", () => {
    const wrong = files.flatMap(({ file, layer, imports }) =>
      imports
        .filter((from) => from.startsWith("."))
        .map((from) => layerOf(relative(SRC, resolve(SRC, file, "..", from))))
        .filter((other) => LAYERS.includes(layer) && LAYERS.indexOf(other) > LAYERS.indexOf(layer))
        .map((other) => `${file} imports ${other}`),
    );
    expect(files.length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });

  it("the console reaches the gateway through the client alone, and both know the core by its types", () => {
    const allowed: Record<string, RegExp> = {
      console: /^(?:console|client)$/,
      client: /^client$/,
      cli: /^(?:cli|client)$/,
    };
    const wrong = files.flatMap(({ file, layer, code }) => {
      const within = allowed[layer];
      if (!within) return [];
      const valueImports = [...code.matchAll(/\bimport\s+(?!type\b)(?:[^"';]*?\bfrom\s*)?\(?["']([^"']+)["']/g)];
      const typeImports = [...code.matchAll(/\b(?:import|export)\s+type\b[^"';]*\bfrom\s*["']([^"']+)["']/g)];
      const layersOf = (found: RegExpMatchArray[]) =>
        found
          .map(([, from = ""]) => from)
          .filter((from) => from.startsWith("."))
          .map((from) => layerOf(relative(SRC, resolve(SRC, file, "..", from))));
      return [
        ...layersOf(valueImports).filter((other) => !within.test(other)),
        ...layersOf(typeImports).filter((other) => !within.test(other) && other !== "core"),
      ].map((other) => `${file} imports ${other}`);
    });
    expect(files.filter(({ layer }) => layer in allowed).length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });

  it("the client needs nothing but fetch", () => {
    const packages = files
      .filter(({ layer }) => layer === "client")
      .flatMap(({ code }) => [...code.matchAll(/\bimport\s+(?!type\b)[^"';]*\bfrom\s*["']([^."'][^"']*)["']/g)])
      .map(([, from]) => from);
    expect(packages).toEqual([]);
  });

  it("src/config.ts stands below services and routes", () => {
    const above = /\.\/(?:services|routes|index)\b/;
    expect(files.find(({ file }) => file === "config.ts")?.imports.filter((from) => above.test(from))).toEqual([]);
  });

  it("core is pure: no platform, no env, no I/O, no clock, no randomness of its own", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|Math\.random|randomUUID|randomBytes|getRandomValues|\bfetch\(|\bsetTimeout\b|\benv\b|\bprocess\./;
    const allowed = /^(?:\.{1,2}\/|node:(?:crypto|net)$|zod$|liquidjs$|jose$|leven$)/;
    const wrong = files
      .filter(({ layer }) => layer === "core")
      .flatMap(({ file, code, imports }) => [
        ...imports
          .filter((from) => !allowed.test(from) || /(?:^|\/)config\.ts$/.test(from))
          .map((from) => `${file} imports ${from}`),
        ...(impure.exec(code) ?? []).map((found) => `${file} uses ${found}`),
      ]);
    expect(wrong).toEqual([]);
  });
});
