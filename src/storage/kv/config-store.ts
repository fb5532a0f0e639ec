/** The configuration: one KV prefix for each kind of record (docs/storage.md). */
import { tokenRecord } from "../../core/schema/access.ts";
import { callbackConfigRecord } from "../../core/schema/callback.ts";
import { flowRecord } from "../../core/schema/flow.ts";
import { apiKeyRecord, triggerRecord } from "../../core/schema/trigger.ts";
import { workspaceRecord } from "../../core/schema/workspace.ts";
import { Adapters } from "./adapters.ts";
import { Records } from "./records.ts";
import { Secrets } from "./secrets.ts";

export type ConfigStore = ReturnType<typeof openConfigStore>;

export function openConfigStore(kv: KVNamespace, encryptionKeys: readonly [string, ...string[]]) {
  return {
    /** `workspace:{name}` */
    workspaces: new Records(kv, "workspace:", workspaceRecord),
    /** `flow:{workspace id}:{name}` */
    flows: new Records(kv, "flow:", flowRecord),
    /** `trigger:{workspace id}:{name}` */
    triggers: new Records(kv, "trigger:", triggerRecord),
    /** `key:{workspace id}:{trigger}:{key id}` */
    apiKeys: new Records(kv, "key:", apiKeyRecord),
    /** `callback-config:{workspace id}:{name}` */
    callbackConfigs: new Records(kv, "callback-config:", callbackConfigRecord),
    /** `token:{token id}` */
    tokens: new Records(kv, "token:", tokenRecord),
    /** `adapter:{workspace id}:{id}` */
    adapters: new Adapters(kv, encryptionKeys),
    secrets: new Secrets(kv, encryptionKeys),
  };
}
