/** Checks that a newly deployed gateway answers and is configured. */
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 1000;
const ATTEMPT_MS = 10_000;

export interface Health {
  readonly isWell: boolean;
  readonly text: string;
}

/** The first address among wrangler's targets: `https://host`, `host (custom domain)` or `host/* (zone name: ...)`. */
export function addressOf(targets: readonly string[]): string | null {
  for (const target of targets) {
    const [, origin] = /^((?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:\/\*?)?(?: |$)/.exec(target) ?? [];
    if (origin) return origin.includes("://") ? origin : `https://${origin}`;
  }
  return null;
}

/** @param forMs how long a new host name and new secrets may take until they are known everywhere. */
export async function checkHealth(url: string, forMs: number): Promise<Health> {
  for (const deadline = Date.now() + forMs; ; await sleep(POLL_MS)) {
    const response = await fetch(`${url}/healthz`, {
      redirect: "manual",
      signal: AbortSignal.timeout(ATTEMPT_MS),
    }).catch(() => null);
    const document = (await response?.json().catch(() => null)) as Record<string, string> | null | undefined;
    if (response?.ok && document?.version) return { isWell: true, text: `It answers, version ${document.version}.` };
    if (Date.now() < deadline) continue;
    if (document?.code === "not-configured") return { isWell: false, text: `It is not configured: ${document.detail}` };
    const last = response ? `answers ${response.status}` : "does not answer";
    return { isWell: false, text: `${url}/healthz ${last}. A new host name may take minutes: look again later.` };
  }
}
