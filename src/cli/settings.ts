/** The file that `hookback login` writes; only its owner can read it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { refused } from "./failure.ts";

export interface Settings {
  readonly url: string;
  readonly token: string;
  /** The default workspace. */
  readonly workspace?: string;
}

const settingsFile = (env: NodeJS.ProcessEnv) =>
  join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "hookback", "config.json");

export function readSettings(env: NodeJS.ProcessEnv): Settings | null {
  try {
    const { url, token, workspace } = JSON.parse(readFileSync(settingsFile(env), "utf8")) as Partial<Settings>;
    if (typeof url !== "string" || typeof token !== "string") return null;
    return { url, token, ...(typeof workspace === "string" && { workspace }) };
  } catch {
    return null;
  }
}

/** Returns the path of the file. */
export function saveSettings(env: NodeJS.ProcessEnv, settings: Settings): string {
  const file = settingsFile(env);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Writing to an existing file would not change its mode.
    rmSync(file, { force: true });
    writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    const hint = "Set HOOKBACK_URL and HOOKBACK_TOKEN instead, or XDG_CONFIG_HOME to another folder.";
    throw refused(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}.`, { hint });
  }
  return file;
}

export function deleteSettings(env: NodeJS.ProcessEnv): void {
  rmSync(settingsFile(env), { force: true });
}
