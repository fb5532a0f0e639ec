/** A configuration document is checked as a whole, compared with what there is, and written. */

import { type FieldError, invalidInput, Refusal } from "../../core/refusal.ts";
import { type Adapter, type AdapterInput, adapterInput } from "../../core/schema/adapter.ts";
import { check } from "../../core/schema/check.ts";
import type { AdapterEntry, ConfigDocument } from "../../core/schema/config-document.ts";
import { type Flow, flowInput } from "../../core/schema/flow.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { noSecret } from "../../core/security/secret-box.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import type { Records } from "../../storage/kv/records.ts";
import { checkActivity } from "../callbacks.ts";
import type { RequestContext } from "../request-context.ts";
import { checkWebhookUrl } from "./adapters.ts";
import {
  type Change,
  changesOf,
  KINDS,
  type Kind,
  type Section,
  type Sections,
  sectionsOf,
  settingsOf,
  showAdapterEntry,
  showFlow,
} from "./document.ts";
import { checkFlow } from "./flows.ts";
import { LIMITS, type Limited } from "./limits.ts";
import type { Lookup } from "./lookup.ts";
import { checkTrigger } from "./triggers.ts";
import { putWorkspace } from "./workspaces.ts";

/** Makes the configuration what the document says; answers what is different. With `dryRun` nothing is written. */
export async function applyConfig(
  context: RequestContext,
  workspace: Workspace,
  document: ConfigDocument,
  dryRun: boolean,
): Promise<{ changes: Change[] } | Refusal> {
  // Before each is looked at.
  const excess = tooMany(document);
  if (excess.length > 0) return invalidInput(excess);
  const current = await sectionsOf(context.store, workspace);
  const errors: FieldError[] = [];
  const adapters = await wantedAdapters(context, workspace, document, current, errors);
  const flows = wantedFlows(document, current, adapters, errors);
  const wanted: Sections = { adapters, flows, ...otherSections(document, current) };
  errors.push(...(await checkReferences(context, workspace, wanted)));
  if (errors.length > 0) return invalidInput(errors);

  const settings = document.settings ? settingsChanges(workspace, document.settings) : [];
  const changes = [...settings, ...KINDS.flatMap((kind) => changesOf(kind, current[kind], wanted[kind]))];
  if (!dryRun) {
    const saved =
      settings.length > 0 &&
      document.settings &&
      (await putWorkspace(context.store, workspace.name, document.settings));
    if (saved instanceof Refusal) return saved;
    await write(context, workspace, changes, current, wanted);
  }
  return { changes };
}

/** What the kinds are called where their number is bounded. */
const LIMITED: Record<Kind, Limited> = {
  adapters: "adapters",
  flows: "flows",
  triggers: "triggers",
  callbackConfigs: "callback configurations",
};

function tooMany(document: ConfigDocument): FieldError[] {
  return KINDS.filter((kind) => Object.keys(document[kind] ?? {}).length > LIMITS[LIMITED[kind]]).map((kind) => ({
    field: kind,
    message: `there may be at most ${LIMITS[LIMITED[kind]]} ${LIMITED[kind]}`,
  }));
}

function settingsChanges(workspace: Workspace, settings: NonNullable<ConfigDocument["settings"]>): Change[] {
  const section = (shown: unknown): Section => new Map([["settings", { shown, record: null }]]);
  const [change] = changesOf("flows", section(settingsOf(workspace)), section(settings));
  return change
    ? [{ kind: "settings", action: "update", ...(change.differences && { differences: change.differences }) }]
    : [];
}

async function wantedAdapters(
  context: RequestContext,
  workspace: Workspace,
  { adapters }: ConfigDocument,
  current: Sections,
  errors: FieldError[],
): Promise<Section<Adapter>> {
  if (!adapters) return current.adapters;
  const wanted = new Map<string, { shown: unknown; record: Adapter }>();
  for (const [name, entry] of Object.entries(adapters)) {
    const { shared_secret_from: from, ...fields } = entry;
    const at = `adapters.${name}`;
    const input = check<AdapterInput>(adapterInput, { name, ...fields });
    if (input instanceof Refusal) {
      errors.push(...under(at, input));
      continue;
    }
    const url = checkWebhookUrl(context, input.webhook_url);
    if (url) errors.push({ field: `${at}.webhook_url`, message: url });
    const known = current.adapters.get(name)?.record;
    const found = await secretsOf(context, workspace, known, from);
    if (typeof found === "string") errors.push({ field: `${at}.shared_secret_from`, message: found });
    else {
      const record = {
        ...input,
        id: found.id,
        created_at: known?.created_at ?? new Date().toISOString(),
        secrets: found.secrets,
      };
      const isRotated = known !== undefined && record.secrets !== known.secrets;
      wanted.set(name, {
        shown: { ...showAdapterEntry(record), ...(isRotated && { shared_secret: "a new one" }) },
        record,
      });
    }
  }
  return wanted;
}

/** The adapter's secrets: as they are, or with the value of a workspace secret where that is another one. */
async function secretsOf(
  { store }: RequestContext,
  workspace: Workspace,
  known: Adapter | undefined,
  from: AdapterEntry["shared_secret_from"],
): Promise<Pick<Adapter, "id" | "secrets"> | string> {
  const id = known?.id ?? crypto.randomUUID();
  if (from === undefined) {
    return known ? { id, secrets: known.secrets } : "is required for a new adapter: the name of a workspace secret";
  }
  const value = await store.secrets.value(workspace.id, from);
  if (value === null) return noSecret(from);
  const present = known && (await store.adapters.current(workspace.id, known.id))?.secret.value;
  if (known && present === value) return { id, secrets: known.secrets };
  return { id, secrets: store.adapters.withSecret(workspace.id, id, known?.secrets ?? [], value) };
}

function wantedFlows(
  { flows }: ConfigDocument,
  current: Sections,
  adapters: Section<Adapter>,
  errors: FieldError[],
): Section<Flow> {
  if (!flows) return current.flows;
  const idOf = new Map([...adapters].map(([name, { record }]) => [name, record.id]));
  const nameOf = new Map([...idOf].map(([name, id]) => [id, name]));
  const wanted = new Map<string, { shown: unknown; record: Flow }>();
  for (const [name, { steps }] of Object.entries(flows)) {
    const resolved = steps.map((step) =>
      step.type === "adapter" ? { ...step, adapter: idOf.get(step.adapter) ?? step.adapter } : step,
    );
    const input = check(flowInput, { steps: resolved });
    if (input instanceof Refusal) {
      errors.push(...under(`flows.${name}`, input));
      continue;
    }
    const known = current.flows.get(name)?.record;
    const record: Flow = { name, id: known?.id ?? crypto.randomUUID(), ...input };
    wanted.set(name, { shown: showFlow(record, nameOf), record });
  }
  return wanted;
}

function otherSections({ triggers, callbackConfigs }: ConfigDocument, current: Sections) {
  const sectionOf = <T extends object>(entries: Record<string, T>): Section<T & { name: string }> =>
    new Map(Object.entries(entries).map(([name, shown]) => [name, { shown, record: { name, ...shown } }]));
  return {
    triggers: triggers ? sectionOf(triggers) : current.triggers,
    callbackConfigs: callbackConfigs ? sectionOf(callbackConfigs) : current.callbackConfigs,
  };
}

/** Everything that a record names must be there once the document is applied. */
async function checkReferences(context: RequestContext, workspace: Workspace, wanted: Sections): Promise<FieldError[]> {
  const { store } = context;
  const find = <T>(section: Section<T>, by: (record: T) => string) => ({
    get: async (id: string) => recordsOf(section).find((record) => recordId(workspace.id, by(record)) === id) ?? null,
  });
  const lookup: Lookup = {
    flows: find(wanted.flows, ({ name }) => name),
    adapters: find(wanted.adapters, ({ id }) => id),
    triggers: store.triggers,
    secrets: store.secrets,
  };
  const errors: FieldError[] = [];
  const add = (at: string, found: readonly FieldError[]) =>
    errors.push(...found.map(({ field, message }) => ({ field: `${at}.${field}`, message })));
  const found = { store: lookup, config: context.config };
  for (const flow of recordsOf(wanted.flows)) add(`flows.${flow.name}`, await checkFlow(found, workspace, flow));
  for (const trigger of recordsOf(wanted.triggers)) {
    add(`triggers.${trigger.name}`, await checkTrigger(lookup, workspace, trigger.name, trigger));
  }
  for (const config of recordsOf(wanted.callbackConfigs)) {
    add(`callbackConfigs.${config.name}`, await checkActivity(found, workspace, config.callbackActivity));
  }
  return errors;
}

/** What is named is written before what names it, and deleted after it. */
async function write(
  { store }: RequestContext,
  workspace: Workspace,
  changes: readonly Change[],
  current: Sections,
  wanted: Sections,
): Promise<void> {
  const byName = ({ name }: { readonly name: string }) => recordId(workspace.id, name);
  const writers = {
    adapters: writer(store.adapters, current.adapters, wanted.adapters, ({ id }) => recordId(workspace.id, id)),
    flows: writer(store.flows, current.flows, wanted.flows, byName),
    triggers: writer(store.triggers, current.triggers, wanted.triggers, byName),
    callbackConfigs: writer(store.callbackConfigs, current.callbackConfigs, wanted.callbackConfigs, byName),
  };
  for (const { kind, name, action } of changes) {
    if (kind !== "settings" && name !== undefined && action !== "delete") await writers[kind].put(name);
  }
  for (const { kind, name, action } of [...changes].reverse()) {
    if (kind === "settings" || name === undefined || action !== "delete") continue;
    await writers[kind].remove(name);
    if (kind === "triggers") await store.apiKeys.deleteAll(idsBelow(workspace.id, name));
  }
}

const writer = <T>(records: Records<T>, current: Section<T>, wanted: Section<T>, keyOf: (record: T) => string) => ({
  put: async (name: string) => {
    const entry = wanted.get(name);
    if (entry) await records.put(keyOf(entry.record), entry.record);
  },
  remove: async (name: string) => {
    const entry = current.get(name);
    if (entry) await records.delete(keyOf(entry.record));
  },
});

const recordsOf = <T>(section: Section<T>) => [...section.values()].map(({ record }) => record);

const under = (at: string, { extras }: Refusal) =>
  (extras.errors ?? []).map(({ field, message }) => ({ field: field ? `${at}.${field}` : at, message }));
