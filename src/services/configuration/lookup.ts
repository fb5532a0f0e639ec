/** The records that checks can find: those in the store, or those that the store will have once a document is applied. */
import type { Adapter } from "../../core/schema/adapter.ts";
import type { Flow } from "../../core/schema/flow.ts";
import type { Trigger } from "../../core/schema/trigger.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";

interface Found<T> {
  get(id: string): Promise<T | null>;
}

export interface Lookup {
  readonly flows: Found<Flow>;
  readonly triggers: Found<Trigger>;
  readonly adapters: Found<Adapter>;
  readonly secrets: Pick<ConfigStore["secrets"], "value" | "exists">;
}
