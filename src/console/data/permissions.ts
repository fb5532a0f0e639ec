/** The permissions of the session. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Client, Permission } from "../../client/index.ts";
import { useClient } from "./api.tsx";

export const sessionQuery = (client: Client) =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => client.session({ signal }),
    // The permissions of a token never change.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Returns whether the session has a permission; true for all until they are loaded. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useQuery(sessionQuery(useClient()));
  return (permission) =>
    data === undefined || data.permissions.includes("admin") || data.permissions.includes(permission);
}
