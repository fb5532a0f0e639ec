/** Flows are saved and deleted; what is checked across records before. */

import type { Config } from "../../config.ts";
import { membersUsed } from "../../core/message/template.ts";
import { type FieldError, invalidInput, notFound, Refusal } from "../../core/refusal.ts";
import type { CallbackConfig } from "../../core/schema/callback.ts";
import { type Flow, type FlowInput, templatesOf } from "../../core/schema/flow.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { checkDestination } from "../../core/security/destination.ts";
import { noSecret } from "../../core/security/secret-box.ts";
import { signingKey } from "../../core/security/standard-webhooks.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import type { RequestContext } from "../request-context.ts";
import { checkAdapterStep } from "./adapters.ts";
import { refuseBeyondLimit } from "./limits.ts";
import type { Lookup } from "./lookup.ts";

/** Saves a flow; its id stays. The secrets that its templates name must exist (ND16). */
export async function putFlow(
  context: Pick<RequestContext, "store" | "config">,
  workspace: Workspace,
  name: string,
  input: FlowInput,
): Promise<Flow | Refusal> {
  const { store } = context;
  const errors = await checkFlow(context, workspace, input);
  if (errors.length > 0) return invalidInput(errors);
  const key = recordId(workspace.id, name);
  const flow: Flow = { name, id: (await store.flows.get(key))?.id ?? crypto.randomUUID(), ...input };
  const full = await refuseBeyondLimit("flows", store.flows, idsBelow(workspace.id), key, flow);
  if (full) return full;
  await store.flows.put(key, flow);
  return flow;
}

/** What is wrong with a flow beyond its form: secrets and adapters that it names must exist and fit, URLs be allowed (ND16). */
export async function checkFlow(
  { store, config }: { readonly store: Lookup; readonly config: Config },
  workspace: Workspace,
  input: FlowInput,
): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [index, step] of input.steps.entries()) {
    // What a template makes is checked when it is made.
    const isPlain = step.type === "http" && !step.url.includes("{");
    const url = isPlain ? checkDestination(step.url, { allowPrivate: config.allowPrivateDestinations }) : null;
    if (typeof url === "string") errors.push({ field: `steps[${index}].url`, message: url });
    const signingSecret = step.type === "http" ? step.signingSecret : undefined;
    errors.push(...(await checkSigningSecret(store, workspace, signingSecret, `steps[${index}].signingSecret`)));
    const misfits = step.type === "adapter" ? await checkAdapterStep(store, workspace, step) : [];
    errors.push(...misfits.map(({ field, message }) => ({ field: `steps[${index}].${field}`, message })));
    for (const { field, source } of templatesOf(step)) {
      for (const secret of new Set(membersUsed(source, "secrets"))) {
        const at = `steps[${index}].${field}`;
        if (secret === null) errors.push({ field: at, message: "name the secret, as in {{ secrets.name }}" });
        else if (!(await store.secrets.exists(workspace.id, secret))) {
          errors.push({ field: at, message: `the secret ${secret} does not exist` });
        }
      }
    }
  }
  return errors;
}

/** A secret that is to sign must exist and be of the form that Standard Webhooks prescribes. */
export async function checkSigningSecret(
  store: Lookup,
  workspace: Workspace,
  name: string | undefined,
  field: string,
): Promise<FieldError[]> {
  if (name === undefined) return [];
  const secret = await store.secrets.value(workspace.id, name);
  if (secret === null) return [{ field, message: noSecret(name) }];
  return signingKey(secret) ? [] : [{ field, message: `the secret ${name} is not of the form whsec_ and base64` }];
}

/** Deletes a flow that no trigger uses. */
export async function deleteFlow(store: ConfigStore, workspace: Workspace, name: string): Promise<Refusal | null> {
  const key = recordId(workspace.id, name);
  if (!(await store.flows.get(key))) return notFound();
  const [triggers, configs] = await Promise.all([
    store.triggers.all(idsBelow(workspace.id)),
    store.callbackConfigs.all(idsBelow(workspace.id)),
  ]);
  const calls = ({ callbackActivity: activity }: CallbackConfig) => activity?.type === "flow" && activity.flow === name;
  const users = [...triggers.filter(({ flow }) => flow === name), ...configs.filter(calls)].map((user) => user.name);
  if (users.length > 0) return new Refusal("in-use", `The flow is used by: ${users.join(", ")}.`);
  await store.flows.delete(key);
  return null;
}
