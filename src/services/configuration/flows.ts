/** Flows are saved and deleted, after checks across records. */
import type { Config } from "../../config.ts";
import { membersUsed } from "../../core/message/template.ts";
import { type FieldError, invalidInput, notFound, Refusal } from "../../core/refusal.ts";
import type { CallbackConfig } from "../../core/schema/callback.ts";
import { type Flow, type FlowInput, type Step, templatesOf } from "../../core/schema/flow.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { checkDestination } from "../../core/security/destination.ts";
import { noSecret } from "../../core/security/secret-box.ts";
import { signingKey } from "../../core/security/standard-webhooks.ts";
import { unreachable } from "../../core/unreachable.ts";
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

/** Checks a flow beyond its schema: the secrets and adapters that it names exist and fit, its URLs are allowed (ND16). */
export async function checkFlow(
  { store, config }: { readonly store: Lookup; readonly config: Config },
  workspace: Workspace,
  input: FlowInput,
): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [index, step] of input.steps.entries()) {
    const found = await checkStep(store, config, workspace, step);
    for (const { field, source } of templatesOf(step)) {
      for (const secret of new Set(membersUsed(source, "secrets"))) {
        if (secret === null) found.push({ field, message: "name the secret, as in {{ secrets.name }}" });
        else if (!(await store.secrets.exists(workspace.id, secret))) {
          found.push({ field, message: `the secret ${secret} does not exist` });
        }
      }
    }
    errors.push(...found.map(({ field, message }) => ({ field: `steps[${index}].${field}`, message })));
  }
  return errors;
}

async function checkStep(store: Lookup, config: Config, workspace: Workspace, step: Step): Promise<FieldError[]> {
  switch (step.type) {
    case "http": {
      // A URL with a template is checked when the step runs.
      const isTemplate = step.url.includes("{");
      const url = isTemplate ? null : checkDestination(step.url, { allowPrivate: config.allowPrivateDestinations });
      const errors = typeof url === "string" ? [{ field: "url", message: url }] : [];
      return [...errors, ...(await checkSigningSecret(store, workspace, step.signingSecret, "signingSecret"))];
    }
    case "adapter":
      return checkAdapterStep(store, workspace, step);
    case "transform":
      return [];
    default:
      return unreachable(step);
  }
}

/** Checks that a signing secret exists and has the form that Standard Webhooks requires. */
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
