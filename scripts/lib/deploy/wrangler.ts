/** wrangler as a child, without telemetry and banner. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DeployError } from "./options.ts";

const WRANGLER = join("node_modules", "wrangler", "bin", "wrangler.js");

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to its end with nobody to ask; what it says is for this program. */
export function runQuietly(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), CI: "true", ...variables },
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (chunk: string) => {
      output[stream] += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ ...output, code: 1, stderr: error.message }));
    child.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: stripVTControlCharacters(output.stdout),
        stderr: stripVTControlCharacters(output.stderr).trim(),
      }),
    );
  });
}

/** Runs in front of the user, who may be asked things; resolves to the exit code. */
export function runInFront(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    stdio: "inherit",
    env: { ...environment(), ...variables },
  });
  return new Promise((resolve) => {
    child.on("error", () => resolve(1)).on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * Names of the secrets that the Worker has; `null` when there is no such Worker yet.
 * @param signIn called when wrangler has no credentials; false leaves it at that.
 */
export async function listSecrets(
  target: readonly string[],
  signIn: () => Promise<boolean>,
): Promise<readonly string[] | null> {
  const list = () => runQuietly(["secret", "list", "--format=json", ...target]);
  let { code, stdout, stderr } = await list();
  if (code !== 0 && isSignedOut(stderr) && (await signIn())) ({ code, stdout, stderr } = await list());
  if (code === 0) return namesOf(stdout);
  if (/^.*Worker "[^"]*"(?: \(env: [^)]*\))? not found/m.test(stderr)) return null;
  if (!isSignedOut(stderr)) throw new DeployError(`wrangler could not list the secrets of the Worker:\n\n${stderr}`);
  throw new DeployError(
    "wrangler has no credentials for Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID).",
  );
}

const isSignedOut = (stderr: string) => /set a CLOUDFLARE_API_TOKEN|not authenticated|wrangler login/i.test(stderr);

function namesOf(stdout: string): string[] {
  try {
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  } catch {
    throw new DeployError(`wrangler's list of secrets is not understood:\n\n${stdout}`);
  }
}

/** An empty CLOUDFLARE_ENV says that the top level of wrangler.toml is meant where no environment is named. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CLOUDFLARE_ENV: process.env.CLOUDFLARE_ENV ?? "",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: process.env.WRANGLER_SEND_METRICS ?? "false",
  };
}
