/** Sets up the workspace of a run through the admin API, and changes it while the run goes on. */
import { randomUUID } from "node:crypto";
import { createClient, type WorkspaceClient } from "../../../src/client/index.ts";
import { ATTEMPT_SECONDS, type Feature, stepsOf, WAIT_SECONDS } from "./features.ts";

export interface FaultWorkspace {
  readonly client: WorkspaceClient;
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
export async function setUp(
  { url, token }: { readonly url: string; readonly token: string },
  partner: string,
  features: readonly Feature[],
  shards?: number,
): Promise<FaultWorkspace> {
  const gateway = createClient({ url, token });
  const client = gateway.workspace(`faults-${randomUUID().slice(0, 8)}`);
  await gateway.workspaces.put(client.name, { documentStatuses: ["Rejected by Customs"], ...(shards && { shards }) });
  const adapters = new Map<string, string>();
  const change = async (feature: string, version: number) => {
    const found = features.find(({ name }) => name === feature);
    if (!found) throw new Error(`there is no feature ${feature}`);
    await client.flows.put(feature, { steps: stepsOf(found, partner, adapters, version) });
  };
  const addTrigger = async (trigger: string, feature: string) => {
    await client.triggers.put(trigger, { flow: feature, ...features.find(({ name }) => name === feature)?.trigger });
  };
  for (const { name: feature, steps, waitSeconds = WAIT_SECONDS } of features) {
    for (const step of steps.filter(({ kind }) => kind === "adapter")) {
      const { id } = await client.adapters.create({
        ...{ name: feature, type: "output", solution: "faults.convert", shared_secret: SHARED_SECRET },
        webhook_url: `${partner}/${feature}/${step.name}?version=1`,
        timeout_seconds: ATTEMPT_SECONDS,
        token_ttl_seconds: waitSeconds,
      });
      adapters.set(feature, id);
    }
    await change(feature, 1);
    if (feature !== "landing") await addTrigger(feature, feature);
  }
  const made = await gateway.tokens.create({
    ...{ label: "partner", permissions: ["asyncflow.callback.send"], workspace: client.name },
  });
  return { client, path: `/workspaces/${client.name}`, callbackToken: made.token, change, addTrigger };
}
