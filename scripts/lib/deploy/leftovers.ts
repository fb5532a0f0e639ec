/**
 * What a failed or deleted deployment leaves behind. wrangler makes the namespace and the bucket of a new Worker under
 * fixed names, and fails where they exist; a Worker that it knows keeps them. So a new Worker is shown the old ones, and
 * R2 is asked for before anything is made.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DeployError, type DeployOptions } from "./options.ts";
import { runQuietly } from "./wrangler.ts";

const CONFIG = "wrangler.toml";
/** The bindings by which wrangler names what it makes. */
const [NAMESPACE, BUCKET] = ["config", "bodies"];

interface Leftover {
  readonly name: string;
  readonly table: "kv_namespaces" | "r2_buckets";
  readonly line: string;
}

/** Throws when the account has no R2, before wrangler has made the first half. */
export async function findLeftovers(options: DeployOptions): Promise<Leftover[]> {
  // The whole of wrangler is loaded for it, which nobody but a new Worker has to wait for.
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

/** Lends wrangler a configuration that names them, for the one deployment after which it knows them. */
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
