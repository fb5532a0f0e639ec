/**
 * Resources of a failed or deleted deployment. wrangler creates the namespace and the bucket of a new Worker under
 * fixed names, and fails if they exist. So a new Worker gets a configuration with the existing ones, and
 * R2 is checked before anything is created.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DeployError, type DeployOptions } from "./options.ts";
import { runQuietly } from "./wrangler.ts";

const CONFIG = "wrangler.toml";
/** Suffixes in the names of resources that wrangler creates. */
const [NAMESPACE, BUCKET] = ["config", "bodies"];

interface Leftover {
  readonly name: string;
  readonly table: "kv_namespaces" | "r2_buckets";
  readonly line: string;
}

/** Throws when R2 is not enabled, before wrangler creates the namespace. */
export async function findLeftovers(options: DeployOptions): Promise<Leftover[]> {
  // Imported late, because loading wrangler is slow and only a new Worker needs it.
  const { unstable_readConfig } = await import("wrangler");
  const { name } = unstable_readConfig(options.configOptions, { hideWarnings: true });
  const worker = options.name ?? name;
  const account = options.target.filter((option) => !option.startsWith("--name="));
  const [namespaces, buckets] = await Promise.all([
    runQuietly(["kv", "namespace", "list", ...account]),
    runQuietly(["r2", "bucket", "list", ...account]),
  ]);
  if (buckets.code !== 0) {
    throw new DeployError(`R2 has to be enabled once for the account, in its dashboard:\n\n${buckets.stderr}\n`);
  }
  if (namespaces.code !== 0) throw new DeployError(`wrangler could not list KV namespaces:\n\n${namespaces.stderr}\n`);
  const [namespace, bucket] = [`${worker}-${NAMESPACE}`, `${worker}-${BUCKET}`];
  const all = JSON.parse(namespaces.stdout) as { id: string; title: string }[];
  const id = all.find(({ title }) => title === namespace)?.id;
  const hasBucket = [...buckets.stdout.matchAll(/^name:\s+(\S+)$/gm)].some(([, each]) => each === bucket);
  return [
    ...(id ? [{ name: namespace, table: "kv_namespaces", line: `id = "${id}"` } as const] : []),
    ...(hasBucket ? [{ name: bucket, table: "r2_buckets", line: `bucket_name = "${bucket}"` } as const] : []),
  ];
}

/** Runs the first deployment with a temporary configuration that names them. */
export async function withLeftovers<T>(
  leftovers: readonly Leftover[],
  { environment, configOptions }: DeployOptions,
  use: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  if (leftovers.length === 0) return use([]);
  const names = leftovers.map(({ name }) => name).join(" and ");
  if (configOptions.config) {
    throw new DeployError(`${names} exist without the Worker: name them in ${configOptions.config}, or delete them.`);
  }
  console.log(`Used again, with what is in them: ${names}.`);
  const prefix = environment ? `env.${environment}.` : "";
  const named = leftovers.reduce(
    (text, { table, line }) => text.replace(`[[${prefix}${table}]]`, (header) => `${header}\n${line}`),
    readFileSync(CONFIG, "utf8"),
  );
  const file = `wrangler.once-${process.pid}.toml`;
  try {
    writeFileSync(file, named);
    return await use([`--config=${file}`]);
  } finally {
    rmSync(file, { force: true });
  }
}
