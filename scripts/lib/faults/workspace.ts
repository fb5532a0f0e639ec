/** Sets up the workspace of a run through the admin API, and changes it while the run goes on. */
import { randomUUID } from "node:crypto";
import { AdminClient } from "../admin-client.ts";
import { ATTEMPT_SECONDS, FEATURES, featureOf, stepsOf, WAIT_SECONDS } from "./features.ts";

export interface FaultWorkspace {
  readonly name: string;
  readonly admin: AdminClient;
  /** Base of the admin API's paths. */
  readonly path: string;
  /** For callbacks in the Link dialect. */
  readonly callbackToken: string;
  /** Saves the flow of a feature again, with steps that name a version. */
  change(feature: string, version: number): Promise<void>;
  /** Makes another trigger for the flow of a feature. */
  addTrigger(trigger: string, feature: string): Promise<void>;
}

export const SHARED_SECRET = "the shared secret of the adapters";

/** @param partner origin of the partners. */
export async function setUp(url: string, token: string, partner: string): Promise<FaultWorkspace> {
  const admin = new AdminClient(url, token);
  const name = `faults-${randomUUID().slice(0, 8)}`;
  const path = `/workspaces/${name}`;
  await admin.put(path, { documentStatuses: ["Rejected by Customs"] });
  const adapters = new Map<string, string>();
  const put = (feature: string, version: number) => {
    const found = featureOf.get(feature);
    if (!found) throw new Error(`there is no feature ${feature}`);
    return admin.put<void>(`${path}/flows/${feature}`, { steps: stepsOf(found, partner, adapters, version) });
  };
  for (const { name: feature, steps, trigger } of FEATURES) {
    for (const step of steps.filter(({ kind }) => kind === "adapter")) {
      const { id } = await admin.post<{ id: string }>(`${path}/adapters`, {
        ...{ name: feature, type: "output", solution: "faults.convert", shared_secret: SHARED_SECRET },
        webhook_url: `${partner}/${feature}/${step.name}?version=1`,
        timeout_seconds: ATTEMPT_SECONDS,
        token_ttl_seconds: WAIT_SECONDS,
      });
      adapters.set(feature, id);
    }
    await put(feature, 1);
    if (feature !== "landing") await admin.put(`${path}/triggers/${feature}`, { flow: feature, ...trigger });
  }
  const addTrigger = (trigger: string, feature: string) =>
    admin.put<void>(`${path}/triggers/${trigger}`, { flow: feature, ...featureOf.get(feature)?.trigger });
  const permissions = ["asyncflow.callback.send"];
  const made = await admin.post<{ token: string }>("/tokens", { label: "partner", permissions, workspace: name });
  return { name, admin, path, callbackToken: made.token, change: put, addTrigger };
}
