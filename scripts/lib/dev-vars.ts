/** `.dev.vars`: the secrets of local runs, made at random once and never overwritten. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

export type DevVars = Record<string, string>;

export const DEV_VARS_FILE = ".dev.vars";

/** Fresh random secrets, and the permission to call loopback and private addresses. */
export function makeDevVars(): DevVars {
  const random = () => randomBytes(32).toString("base64url");
  return {
    ADMIN_TOKEN: random(),
    SIGNING_KEY: random(),
    ENCRYPTION_KEY: random(),
    ALLOW_PRIVATE_DESTINATIONS: "true",
  };
}

/** Reads the file, writing it first when it does not exist. */
export function ensureDevVars(file = DEV_VARS_FILE): DevVars {
  if (!existsSync(file)) writeDevVars(makeDevVars(), file);
  return parseEnv(readFileSync(file, "utf8")) as DevVars;
}

export function writeDevVars(vars: DevVars, file: string): void {
  const text = Object.entries(vars).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, text.join(""), { mode: 0o600, flag: "wx" });
}
