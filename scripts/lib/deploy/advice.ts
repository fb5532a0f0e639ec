/** The texts after a deployment. */
import type { ChosenSecrets } from "./secrets.ts";

/** Shows generated secrets, which cannot be shown again. */
export function secretsToKeep({ values, generated }: ChosenSecrets): string {
  return [
    "Keep these where you keep other secrets. They are shown this once and cannot be read back; a gateway that is set up",
    "again with its old data needs SIGNING_KEY and ENCRYPTION_KEY.",
    "",
    ...generated.map((name) => `  ${name}=${values[name]}`),
  ].join("\n");
}

export function nextSteps(url: string | null, environment: string | undefined, hasPublicUrl: boolean): string {
  const option = environment ? ` --env ${environment}` : "";
  const steps = [
    ...(url ? [`Console   ${url}/console/   (sign in with ADMIN_TOKEN)`] : []),
    ...(hasPublicUrl
      ? []
      : [`With a host name of its own:   npm run deploy --${option} --var PUBLIC_URL:https://hooks.example.com`]),
    "Tokens for people, Cloudflare Access, what to watch:   docs/operations.md",
  ];
  return steps.join("\n");
}
