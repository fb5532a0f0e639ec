/** The command line of `npm run deploy`: the options of `wrangler deploy`, some of which are also read here. */
import { parseArgs } from "node:util";

export const HELP = `Builds the console and the Worker and deploys both, with the secrets that the Worker has not got yet.

  npm run deploy -- [options of wrangler deploy]

  --env staging                            the environment of that name in wrangler.toml, with data and secrets of its own
  --dry-run                                builds and checks what would be deployed; needs no account
  --var PUBLIC_URL:https://hooks.example   sets a variable, which later deployments keep

ADMIN_TOKEN, SIGNING_KEY and ENCRYPTION_KEY are asked for where the Worker has none, and made at random where you press
Enter. Without a terminal they are variables of the environment, beside CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.

The exit code is 0 when the deployed gateway answers or nobody knows its address, 1 otherwise.
All options: npx wrangler deploy --help`;

/** An error that the user can correct; the message is one or more sentences. */
export class DeployError extends Error {}

export interface DeployOptions {
  /** Passed unchanged to `wrangler deploy`. */
  readonly passed: readonly string[];
  /** Options that select the Worker and the account; passed to every wrangler command. */
  readonly target: readonly string[];
  readonly environment: string | undefined;
  /** Overrides the Worker's name in the configuration. */
  readonly name: string | undefined;
  /** Arguments of wrangler's configuration reader. */
  readonly configOptions: { readonly config?: string; readonly env?: string };
  readonly isDryRun: boolean;
  readonly secretsFile: string | undefined;
  readonly outdir: string | undefined;
  /** From `--var`. */
  readonly publicUrl: string | undefined;
}

const PUBLIC_URL = "PUBLIC_URL:";

/** Options that select the Worker and the account. */
const TARGET = ["env", "config", "cwd", "env-file", "profile", "name"] as const;
const OPTIONS = {
  env: { type: "string", short: "e" },
  config: { type: "string", short: "c" },
  cwd: { type: "string" },
  "env-file": { type: "string" },
  profile: { type: "string" },
  name: { type: "string" },
  "secrets-file": { type: "string" },
  outdir: { type: "string" },
  var: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Returns null for `--help`. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DeployOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
  });
  if (values.help) return null;
  const text = (name: keyof typeof OPTIONS): string | undefined => {
    const value = values[name];
    if (value === true) throw new DeployError(`--${name} needs a value.`);
    return typeof value === "string" ? value : undefined;
  };
  const variables = [...((values.var as string[] | undefined) ?? []), ...positionals];
  const [config, environment] = [text("config"), text("env") ?? (env.CLOUDFLARE_ENV || undefined)];
  return {
    passed: args,
    target: TARGET.flatMap((name) => (text(name) === undefined ? [] : [`--${name}=${text(name)}`])),
    environment,
    name: text("name"),
    configOptions: { ...(config && { config }), ...(environment && { env: environment }) },
    isDryRun: values["dry-run"] === true,
    secretsFile: text("secrets-file"),
    outdir: text("outdir"),
    publicUrl: variables.find((each) => `${each}`.startsWith(PUBLIC_URL))?.slice(PUBLIC_URL.length),
  };
}
