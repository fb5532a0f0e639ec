/** Finds where a secret is used: in fields that take its name, and in templates. */
import type { CallbackConfig, Flow, Trigger } from "../../../client/index.ts";

/** Something that names a secret, and the path of its page. */
export interface SecretUser {
  readonly what: "flow" | "trigger" | "callback configuration";
  readonly name: string;
  readonly path: string;
}

export interface Users {
  readonly flows: readonly Flow[];
  readonly triggers: readonly Trigger[];
  readonly configs: readonly CallbackConfig[];
}

const FIELDS = ["secret", "passwordSecret", "signingSecret"];

export function usersOf(secret: string, { flows, triggers, configs }: Users): SecretUser[] {
  const users = <T extends { readonly name: string }>(all: readonly T[], what: SecretUser["what"], base: string) =>
    all.filter((one) => names(one, secret)).map(({ name }) => ({ what, name, path: `${base}/${name}` }));
  return [
    ...users(flows, "flow", "/flows"),
    ...users(triggers, "trigger", "/triggers"),
    ...users(configs, "callback configuration", "/callbacks/configurations"),
  ];
}

/** True when a value names the secret at any depth. */
function names(value: unknown, secret: string, field = ""): boolean {
  if (typeof value === "string") return FIELDS.includes(field) ? value === secret : reads(value, secret);
  if (Array.isArray(value)) return value.some((member) => names(member, secret, field));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => names(member, secret, name));
}

/** True when a template reads the secret: `secrets.name`, `secrets["name"]`. */
function reads(template: string, secret: string): boolean {
  if (!template.includes("{")) return false;
  const dotted = new RegExp(`\\bsecrets\\.${secret}(?![\\w-])`);
  return (
    dotted.test(template) || template.includes(`secrets["${secret}"]`) || template.includes(`secrets['${secret}']`)
  );
}
