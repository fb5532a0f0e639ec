/** `npm run deploy -- [options of wrangler deploy]`: the gateway with the secrets that it lacks; see `--help`. */

import { ensureConsole } from "./lib/build/console-build.ts";
import { nextSteps, secretsToKeep } from "./lib/deploy/advice.ts";
import { askHidden } from "./lib/deploy/ask.ts";
import { buildBundle, describeBundle, problemsOf } from "./lib/deploy/bundle.ts";
import { addressOf, checkHealth } from "./lib/deploy/health.ts";
import { findLeftovers, withLeftovers } from "./lib/deploy/leftovers.ts";
import { DeployError, type DeployOptions, HELP, readOptions } from "./lib/deploy/options.ts";
import { withOutput } from "./lib/deploy/output.ts";
import { type ChosenSecrets, chooseSecrets, namesInFile, SECRETS, withSecretsFile } from "./lib/deploy/secrets.ts";
import { listSecrets, runInFront } from "./lib/deploy/wrangler.ts";

/** Longest wait for an answer of the deployed gateway. */
const HEALTH_MS = 60_000;

const { env } = process;
const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true && !env.CI;

try {
  const options = readOptions(process.argv.slice(2), env);
  if (!options) console.log(HELP);
  else process.exitCode = options.isDryRun ? await dryRun(options) : await deploy(options);
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  console.error(`${error.message}\nNothing was deployed.`);
  process.exitCode = 1;
}

async function dryRun(options: DeployOptions): Promise<number> {
  ensureConsole();
  const bundle = await buildBundle(options);
  console.log(`${describeBundle(bundle)}`);
  const problems = problemsOf(bundle, options.secretsFile);
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

async function deploy(options: DeployOptions): Promise<number> {
  const { passed, target, environment, secretsFile, publicUrl } = options;
  const present = await listSecrets(target, signIn);
  const known = [...(present ?? []), ...(secretsFile ? namesInFile(secretsFile) : [])];
  const missing = SECRETS.filter(({ name }) => !known.includes(name));
  const leftovers = present === null ? await findLeftovers(options) : [];
  if (present === null) console.log("The Worker is new: this makes it, its KV namespace and its bucket.");
  // The dashboard asks whoever deploys by the button, and may set the secrets after the first build.
  const unset = env.WORKERS_CI ? missing.filter(({ name }) => !env[name]) : [];
  const wanted = missing.filter((secret) => !unset.includes(secret));
  const chosen = await chooseSecrets(wanted, env, isInteractive ? askHidden : null);
  if (unset.length > 0) console.log(`Not set yet: ${unset.map(({ name }) => name).join(", ")}.`);
  const names = Object.keys(chosen.values);
  if (names.length > 0 && secretsFile) throw new DeployError(`${secretsFile} lacks ${names.join(", ")}.`);

  ensureConsole();
  const { result: code, deployment } = await withOutput((variables) =>
    withLeftovers(leftovers, options, (configuration) => {
      const args = ["deploy", ...passed, ...configuration];
      if (names.length === 0) return runInFront(args, variables);
      return withSecretsFile(chosen.values, (file) => runInFront([...args, `--secrets-file=${file}`], variables));
    }),
  );
  showGenerated(chosen, code);
  if (code !== 0) return code;

  const url = publicUrl ?? addressOf(deployment?.targets ?? []);
  const health = url === null ? null : await checkHealth(url, unset.length > 0 ? 0 : HEALTH_MS);
  if (health) console.log(`\n${health.text}`);
  console.log(`\n${nextSteps(url, environment, publicUrl !== undefined)}`);
  return health?.isWell === false && unset.length === 0 ? 1 : 0;
}

/** Runs `wrangler login` when a user is present. */
async function signIn(): Promise<boolean> {
  return isInteractive && (await runInFront(["login"])) === 0;
}

/** Also after a failure: the Worker may have them already, and then the next deployment does not ask for them. */
function showGenerated(chosen: ChosenSecrets, code: number): void {
  if (chosen.generated.length === 0) return;
  console.log(`\n${secretsToKeep(chosen)}`);
  if (code !== 0) console.log("\nThe deployment failed. The next one asks for those that the Worker did not get.");
}
