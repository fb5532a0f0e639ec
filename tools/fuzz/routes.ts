/** The gateway's routes, read from its own tables, so that new routes are included. */
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export interface AdminRoute {
  readonly method: string;
  /** Below `/api/v1`, with parameters such as `:ws`. */
  readonly path: string;
  /** Null where any authenticated caller is allowed. */
  readonly permission: string | null;
  /** True when it reads a JSON body. */
  readonly hasBody: boolean;
}

const ADMIN = "src/routes/admin/resources";
const ADMIN_ROUTER = "src/routes/admin/router.ts";
const ROUTER = "src/routes/router.ts";

/** The route tables and single routes that the files of the admin API export. */
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

/** The rows of the table of public paths, such as `all /cb/:state`, and the descriptions of the API. */
export async function publicRoutes(): Promise<string[]> {
  const { TABLE } = (await import(/* @vite-ignore */ pathToFileURL(ROUTER).href)) as {
    readonly TABLE: Readonly<Record<string, { readonly methods?: readonly string[] }>>;
  };
  const descriptions = [...readFileSync(ADMIN_ROUTER, "utf8").matchAll(/\brouter\.get\("([^"]*)"/g)];
  return [
    ...descriptions.map(([, path]) => `get /api/v1${path}`),
    ...Object.entries(TABLE).flatMap(([path, { methods = [] }]) =>
      /:|\*$/.test(path) && methods.length !== 2
        ? [`all ${path}`]
        : methods.map((method) => `${method.toLowerCase()} ${path}`),
    ),
  ];
}

/** The files of the admin API that the router imports. */
export function adminFiles(): string[] {
  const source = readFileSync(ADMIN_ROUTER, "utf8");
  return [...source.matchAll(/import \{ \w+Routes? \} from "\.\/resources\/(\S+)";/g)].map(([, file = ""]) => file);
}
