/** The whole configuration of a workspace as one document: shown, compared, applied (contract, `/config`). */
import { type Difference, differences } from "../../core/difference.ts";
import type { Adapter } from "../../core/schema/adapter.ts";
import type { CallbackConfig } from "../../core/schema/callback.ts";
import type { ConfigDocument } from "../../core/schema/config-document.ts";
import type { Flow } from "../../core/schema/flow.ts";
import type { Trigger } from "../../core/schema/trigger.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow } from "../../storage/kv/record-id.ts";

/** The kinds of records in a document, in the order in which they are written: a record comes after those that it names. */
export const KINDS = ["adapters", "flows", "triggers", "callbackConfigs"] as const;
export type Kind = (typeof KINDS)[number];

export interface RecordOf {
  readonly adapters: Adapter;
  readonly flows: Flow;
  readonly triggers: Trigger;
  readonly callbackConfigs: CallbackConfig;
}

export interface Change {
  readonly kind: Kind | "settings";
  /** Absent for the settings. */
  readonly name?: string;
  readonly action: "create" | "update" | "delete";
  /** Present for an update. */
  readonly differences?: readonly Difference[];
}

/** Records by name, each as the document shows it and as it is stored. */
export type Section<T = unknown> = ReadonlyMap<string, { readonly shown: unknown; readonly record: T }>;

export type Sections = { readonly [K in Kind]: Section<RecordOf[K]> };

export async function sectionsOf(store: ConfigStore, { id }: Workspace): Promise<Sections> {
  const [adapters, flows, triggers, configs] = await Promise.all([
    store.adapters.all(idsBelow(id)),
    store.flows.all(idsBelow(id)),
    store.triggers.all(idsBelow(id)),
    store.callbackConfigs.all(idsBelow(id)),
  ]);
  const nameOf = new Map(adapters.map((adapter) => [adapter.id, adapter.name]));
  return {
    adapters: section(adapters, showAdapterEntry),
    flows: section(flows, (flow) => showFlow(flow, nameOf)),
    triggers: section(triggers, ({ name: _, ...shown }) => shown),
    callbackConfigs: section(configs, ({ name: _, ...shown }) => shown),
  };
}

export async function showConfig(store: ConfigStore, workspace: Workspace): Promise<ConfigDocument> {
  const sections = await sectionsOf(store, workspace);
  const shown = (kind: Kind) => Object.fromEntries([...sections[kind]].map(([name, entry]) => [name, entry.shown]));
  return {
    settings: settingsOf(workspace),
    ...Object.fromEntries(KINDS.map((kind) => [kind, shown(kind)])),
  } as ConfigDocument;
}

const settingsOf = ({ shards, platformUrl, documentStatuses, retentionDays }: Workspace) => ({
  shards,
  ...(platformUrl !== undefined && { platformUrl }),
  documentStatuses,
  retentionDays,
});

export function settingsChanges(workspace: Workspace, settings: NonNullable<ConfigDocument["settings"]>): Change[] {
  const different = storedDifferences(settingsOf(workspace), settings);
  return different.length > 0 ? [{ kind: "settings", action: "update", differences: different }] : [];
}

export function changesOf(kind: Kind, current: Section, wanted: Section): Change[] {
  const put = [...wanted].flatMap(([name, { shown }]): Change[] => {
    const known = current.get(name);
    if (!known) return [{ kind, name, action: "create" }];
    const different = storedDifferences(known.shown, shown);
    return different.length > 0 ? [{ kind, name, action: "update", differences: different }] : [];
  });
  const removed = [...current.keys()].filter((name) => !wanted.has(name));
  return [...put, ...removed.map((name): Change => ({ kind, name, action: "delete" }))];
}

export function showAdapterEntry({ id: _, name: __, secrets: ___, created_at: ____, ...shown }: Adapter) {
  return shown;
}

/** Replaces the ids of adapters by their names: ids are those of one workspace only. */
export function showFlow({ steps }: Pick<Flow, "steps">, nameOf: ReadonlyMap<string, string>) {
  return {
    steps: steps.map((step) =>
      step.type === "adapter" ? { ...step, adapter: nameOf.get(step.adapter) ?? step.adapter } : step,
    ),
  };
}

function section<T extends { readonly name: string }>(records: readonly T[], show: (record: T) => unknown): Section<T> {
  const sorted = [...records].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((record) => [record.name, { shown: show(record), record }]));
}

/** Compares values as they are stored, which is without members that are undefined. */
function storedDifferences(before: unknown, after: unknown): Difference[] {
  const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return differences(stored(before), stored(after));
}
