/** Ids of records within their KV prefix (docs/storage.md): paths such as `{workspace id}:{name}`, joined by colons. */

export const recordId = (...path: readonly string[]) => path.join(":");

/** The beginning of all ids below a path; empty for every record of a prefix. */
export const idsBelow = (...path: readonly string[]) => path.map((part) => `${part}:`).join("");

export const workspaceIdOf = (id: string) => id.split(":", 1)[0];
