/** `--dry-run`: builds the bundle without an account and reports its size, bindings and modules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeployError, type DeployOptions } from "./options.ts";
import { withOutput } from "./output.ts";
import { SECRETS } from "./secrets.ts";
import { runQuietly } from "./wrangler.ts";

/** Twice what the Worker has. The platform takes 3 MB on its free plan and 10 MB on the paid one. */
const MOST_COMPRESSED_BYTES = 512 * 1024;

/** Bindings that every deployment has: an environment of wrangler.toml does not inherit them. */
const BINDINGS = ["ASSETS", "BODIES", "CONFIG", "SHARDS", "SHIELD"];
/** Those that an operator may add. The permission to call private addresses is not among them: it is for development. */
const ADDITIONS = ["METRICS", "PUBLIC_URL", "LOG", "ACCESS_TEAM_DOMAIN", "ACCESS_AUDIENCE", "ACCESS_PERMISSIONS"];

export interface Bundle {
  readonly rawBytes: number;
  readonly gzipBytes: number;
  readonly bindings: readonly string[];
  /** Paths of the modules that it is made of. */
  readonly modules: readonly string[];
}

/** Builds the bundle with wrangler. */
export async function buildBundle({ passed, outdir }: DeployOptions): Promise<Bundle> {
  let modules: string[] = [];
  const { result, deployment } = await withOutput(async (variables, folder) => {
    const metafile = join(folder, "modules.json");
    const added = [...(outdir === undefined ? [`--outdir=${folder}`] : []), `--metafile=${metafile}`];
    const outcome = await runQuietly(["deploy", ...passed, ...added], variables);
    if (outcome.code === 0) modules = Object.keys(JSON.parse(readFileSync(metafile, "utf8")).inputs);
    return outcome;
  });
  const { rawBytes, gzipBytes } = deployment ?? {};
  if (result.code !== 0 || rawBytes === undefined || gzipBytes === undefined) {
    throw new DeployError(`wrangler could not build the Worker:\n\n${result.stderr || result.stdout}`);
  }
  const bindings = [...result.stdout.matchAll(/^env\.(\w+)/gm)].map(([, name = ""]) => name).sort();
  return { rawBytes, gzipBytes, bindings, modules };
}

/** The problems of a bundle, one sentence each. */
export function problemsOf(bundle: Bundle, secretsFile?: string): string[] {
  const { gzipBytes, bindings, modules } = bundle;
  const allowed = [...BINDINGS, ...ADDITIONS, ...(secretsFile ? SECRETS.map(({ name }) => name) : [])];
  const absent = BINDINGS.filter((name) => !bindings.includes(name));
  const strange = bindings.filter((name) => !allowed.includes(name));
  const foreign = modules.filter((path) => !isOfTheWorker(path));
  return [
    ...(gzipBytes > MOST_COMPRESSED_BYTES
      ? [`The Worker has ${kibibytes(gzipBytes)} compressed; ${kibibytes(MOST_COMPRESSED_BYTES)} are the limit.`]
      : []),
    ...absent.map((name) => `The binding ${name} is missing. An environment of wrangler.toml inherits no bindings.`),
    ...strange.map((name) => `${name} does not belong into a deployment.`),
    ...foreign.map((path) => `${path} does not belong into the Worker.`),
  ];
}

export function describeBundle({ rawBytes, gzipBytes, bindings }: Bundle): string {
  const size = `${kibibytes(rawBytes)}, ${kibibytes(gzipBytes)} compressed (limit ${kibibytes(MOST_COMPRESSED_BYTES)})`;
  return `Worker: ${size}\nBindings: ${bindings.join(", ")}`;
}

/** Neither tests, scripts, console nor command line. */
const isOfTheWorker = (path: string) =>
  /^(?:src\/(?!console\/|cli\/|client\/)|node_modules\/|package\.json$)/.test(path);

const kibibytes = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
