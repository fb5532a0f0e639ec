/** Permissions in plain words. */
import type { Permission } from "../../../client/index.ts";

export const PERMISSION_WORDS: Record<Permission, string> = {
  admin: "Everything, issuing and revoking tokens included",
  "config.read": "Look at flows, triggers, adapters, names of secrets and settings",
  "config.write": "Change flows, triggers, keys, adapters, secrets and settings",
  "callbacks.read": "Look at callbacks and the calls that they got",
  "callbacks.write": "Create and close callbacks",
  "executions.read": "Look at executions, their messages and the lanes",
  "executions.write": "Retry, resubmit and cancel executions; retry, skip, pause and resume lanes",
  "asyncflow.callback.send": "API AsyncFlow Send Callback: answer the asynchronous requests of flows",
};

export const PERMISSIONS = Object.keys(PERMISSION_WORDS) as Permission[];
