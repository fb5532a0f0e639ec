/** Checks a configuration document as a whole, compares it with what is stored, and writes the changes. */
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
  type RecordOf,
  type Section,
  type Sections,
  sectionsOf,
  settingsChanges,
  showAdapterEntry,
  showFlow,
} from "./document.ts";
import { checkFlow } from "./flows.ts";
import { LIMITS, type Limited } from "./limits.ts";
import type { Lookup } from "./lookup.ts";
import { checkTrigger } from "./triggers.ts";
import { putWorkspace } from "./workspaces.ts";

/** Makes the configuration what the document says, and returns the changes. With `dryRun` nothing is written. */
export async function applyConfig(
  context: RequestContext,
  workspace: Workspace,
  document: ConfigDocument,
  dryRun: boolean,
): Promise<{ changes: Change[] } | Refusal> {
  // Checked first, because checking each entry takes time.
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
      errors.push(...under(at, input.extras.errors));
      continue;
    }
    const url = checkWebhookUrl(context, input.webhook_url);
    if (url) errors.push({ field: `${at}.webhook_url`, message: url });
    const known = current.adapters.get(name)?.record;
    const found = await secretsOf(context, workspace, known, from);
    if (typeof found === "string") errors.push({ field: `${at}.shared_secret_from`, message: found });
    else {
      const record = { ...input, ...found, created_at: known?.created_at ?? new Date().toISOString() };
      const isRotated = known !== undefined && record.secrets !== known.secrets;
      const shown = { ...showAdapterEntry(record), ...(isRotated && { shared_secret: "a new one" }) };
      wanted.set(name, { shown, record });
    }
  }
  return wanted;
}

/** The adapter's secrets: as they are, or with the value of a workspace secret where that one is different. */
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
      errors.push(...under(`flows.${name}`, input.extras.errors));
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

/** Checks that everything that a record names exists once the document is applied. */
async function checkReferences(context: RequestContext, workspace: Workspace, wanted: Sections): Promise<FieldError[]> {
  const { store, config } = context;
  const find = <K extends Kind>(kind: K) => ({
    get: async (id: string) => recordsOf(wanted[kind]).find((record) => idOf(kind, workspace, record) === id) ?? null,
  });
  const lookup: Lookup = {
    flows: find("flows"),
    adapters: find("adapters"),
    triggers: store.triggers,
    secrets: store.secrets,
  };
  const found = { store: lookup, config };
  const checks: { readonly [K in Kind]: (record: RecordOf[K]) => Promise<FieldError[]> } = {
    // Already checked in wantedAdapters.
    adapters: async () => [],
    flows: (flow) => checkFlow(found, workspace, flow),
    triggers: (trigger) => checkTrigger(lookup, workspace, trigger.name, trigger),
    callbackConfigs: ({ callbackActivity }) => checkActivity(found, workspace, callbackActivity),
  };
  const checkAll = async <K extends Kind>(kind: K) => {
    const errors: FieldError[] = [];
    for (const record of recordsOf(wanted[kind])) {
      errors.push(...under(`${kind}.${record.name}`, await checks[kind](record)));
    }
    return errors;
  };
  const errors: FieldError[] = [];
  for (const kind of KINDS) errors.push(...(await checkAll(kind)));
  return errors;
}

/** Writes a record before those that name it, and deletes it after them. */
async function write(
  { store }: RequestContext,
  workspace: Workspace,
  changes: readonly Change[],
  current: Sections,
  wanted: Sections,
): Promise<void> {
  const stores: { readonly [K in Kind]: Records<RecordOf[K]> } = store;
  const put = async <K extends Kind>(kind: K, name: string) => {
    const record = wanted[kind].get(name)?.record;
    if (record) await stores[kind].put(idOf(kind, workspace, record), record);
  };
  const remove = async <K extends Kind>(kind: K, name: string) => {
    const record = current[kind].get(name)?.record;
    if (record) await stores[kind].delete(idOf(kind, workspace, record));
    if (kind === "triggers") await store.apiKeys.deleteAll(idsBelow(workspace.id, name));
  };
  for (const { kind, name, action } of changes) {
    if (kind !== "settings" && name !== undefined && action !== "delete") await put(kind, name);
  }
  for (const { kind, name, action } of [...changes].reverse()) {
    if (kind !== "settings" && name !== undefined && action === "delete") await remove(kind, name);
  }
}

const KEY_OF: { readonly [K in Kind]: (record: RecordOf[K]) => string } = {
  adapters: ({ id }) => id,
  flows: ({ name }) => name,
  triggers: ({ name }) => name,
  callbackConfigs: ({ name }) => name,
};

const idOf = <K extends Kind>(kind: K, { id }: Workspace, record: RecordOf[K]) => recordId(id, KEY_OF[kind](record));

const recordsOf = <T>(section: Section<T>) => [...section.values()].map(({ record }) => record);

const under = (at: string, errors: readonly FieldError[] = []) =>
  errors.map(({ field, message }) => ({ field: field ? `${at}.${field}` : at, message }));
