/** Where checks look for what a record names: in the store, or in the store as a document would leave it. */
import type { Adapter } from "../protocol/schema/adapter.ts";
import type { Flow } from "../protocol/schema/flow.ts";
import type { Trigger } from "../protocol/schema/trigger.ts";
import type { ConfigStore } from "../storage/config-store.ts";

interface Found<T> {
  get(id: string): Promise<T | null>;
}

export interface Lookup {
  readonly flows: Found<Flow>;
  readonly triggers: Found<Trigger>;
  readonly adapters: Found<Adapter>;
  readonly secrets: Pick<ConfigStore["secrets"], "value" | "exists">;
}
