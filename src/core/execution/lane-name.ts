/**
 * Names of lanes: `{workspace id}/{trigger}`, followed by `/{key}` where the trigger's lanes have keys. A key may contain
 * any character. Names are stored with executions and decide their shard, so their form cannot change.
 */
import { createHash } from "node:crypto";

export const laneName = (workspaceId: string, trigger: string, key: string | null = null) =>
  key === null ? `${workspaceId}/${trigger}` : `${workspaceId}/${trigger}/${key}`;

export function readLaneName(name: string) {
  const [, workspaceId = "", trigger = "", key = null] = /^([^/]*)\/([^/]*)(?:\/(.*))?$/s.exec(name) ?? [];
  return { workspaceId, trigger, key };
}

export const isLaneOf = (workspaceId: string, name: string) => name.startsWith(`${workspaceId}/`);

/** The lane's id in the API: its shard and a hash, because a name may contain whatever a message did. */
export const laneId = (shard: number, name: string) =>
  `${shard}.${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;

/** The shard that an id names; NaN for an id that no lane has. */
export const shardOfLaneId = (id: string) => Number(id.split(".", 1)[0]);
