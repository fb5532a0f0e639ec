/** The secrets that a gateway does not start without: those that the Worker lacks come from the environment or from the user. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { makeTemporaryFolder } from "../../../tools/lib/temporary-folder.ts";
import { DeployError } from "./options.ts";

export interface Secret {
  readonly name: string;
  readonly purpose: string;
}

export const SECRETS: readonly Secret[] = [
  { name: "ADMIN_TOKEN", purpose: "signs in to the console and the admin API" },
  { name: "SIGNING_KEY", purpose: "signs ids and callback tokens; a restored gateway needs its old one" },
  { name: "ENCRYPTION_KEY", purpose: "encrypts stored secrets; a restored gateway needs its old one" },
];

/** As in `src/config.ts`, which refuses to run with less. */
const LEAST_LENGTH = 32;
const RANDOM_BYTES = 32;

/** Asks for one value; `""` wants a random one. */
export type Ask = (question: string) => Promise<string>;

export interface ChosenSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** Names of those that nobody but this program has seen. */
  readonly generated: readonly string[];
}

/** @param ask `null` where nobody can be asked. */
export async function chooseSecrets(
  missing: readonly Secret[],
  env: NodeJS.ProcessEnv,
  ask: Ask | null,
): Promise<ChosenSecrets> {
  const unknown = missing.filter(({ name }) => !env[name]).map(({ name }) => name);
  if (unknown.length > 0 && !ask) {
    throw new DeployError(
      `The Worker has no ${unknown.join(", no ")}. Set each as a variable of the environment, at least ${LEAST_LENGTH} random ` +
        "characters such as `openssl rand -base64 32` prints, or run `npm run deploy` in a terminal, which asks for them.",
    );
  }
  const values: Record<string, string> = {};
  const generated: string[] = [];
  for (const { name, purpose } of missing) {
    const given = env[name] || (await ask?.(`${name} (${purpose})`));
    if (!given) generated.push(name);
    values[name] = given || randomBytes(RANDOM_BYTES).toString("base64url");
    if ((values[name] ?? "").length < LEAST_LENGTH) {
      throw new DeployError(`${name} has fewer than ${LEAST_LENGTH} characters.`);
    }
  }
  return { values, generated };
}

/** Names of the secrets in a file as `wrangler deploy --secrets-file` takes it: JSON or NAME=value. */
export function namesInFile(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new DeployError(`--secrets-file ${file} cannot be read.`);
  }
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return Object.keys(parseEnv(text));
  }
}

/** Lends the values to wrangler in a file that nobody else can read and that is gone afterwards. */
export async function withSecretsFile<T>(
  values: Readonly<Record<string, string>>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  using folder = makeTemporaryFolder("secrets");
  const file = join(folder.path, "secrets.json");
  writeFileSync(file, JSON.stringify(values), { mode: 0o600 });
  return await use(file);
}
