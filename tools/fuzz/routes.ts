/** The gateway's routes, read from its own tables, so that a new one cannot be forgotten. */
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { PUBLIC_PATHS } from "../../src/routes/openapi/public-paths.ts";

export interface AdminRoute {
  readonly method: string;
  /** Below `/api/v1`, with parameters such as `:ws`. */
  readonly path: string;
  /** Null where every caller who proves who he is may ask. */
  readonly permission: string | null;
  /** Whether it reads a JSON body. */
  readonly hasBody: boolean;
}

const ADMIN = "src/routes/admin/resources";
const ROUTER = "src/routes/router.ts";

/** What the files of the admin API export: tables, and single routes. */
export async function adminRoutes(): Promise<AdminRoute[]> {
  const files = readdirSync(ADMIN).filter((file) => file.endsWith(".ts"));
  // By a computed name: the types of these files are those of the Workers runtime.
  const modules = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ pathToFileURL(`${ADMIN}/${file}`).href) as Promise<object>),
  );
  return modules
    .flatMap((module) => Object.entries(module))
    .filter(([name, value]) => /Routes?$/.test(name) && typeof value === "object")
    .flatMap(([, routes]) => [routes].flat() as (AdminRoute & { readonly body?: unknown })[])
    .map(({ method, path, permission, body }) => ({ method, path, permission, hasBody: body !== undefined }));
}

/** What there is beside the admin API, such as `all /cb/:state`: the router's own, and what the API description promises. */
export function publicRoutes(): string[] {
  const source = readFileSync(ROUTER, "utf8");
  const routed = [...source.matchAll(/\brouter\s*\.(\w+)\(\s*["']([^"']*)["']/g)];
  const paths = new Set(routed.map(([, , path]) => path));
  const described = Object.keys(PUBLIC_PATHS).map((path) => path.replaceAll(/\{(\w+)\}/g, ":$1"));
  return [
    ...routed.map(([, method, path]) => `${method} ${path}`),
    ...described.filter((path) => !paths.has(path)).map((path) => `all ${path}`),
  ];
}

/** The files of the admin API whose routes the router takes. */
export function adminFiles(): string[] {
  const source = readFileSync(ROUTER, "utf8");
  return [...source.matchAll(/import \{ \w+Routes? \} from "\.\/admin\/(\S+)";/g)].map(([, file = ""]) => file);
}
