/** Who is signed in, and what they may. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Client, Permission } from "../../client/index.ts";
import { useClient } from "./api.tsx";

export const sessionQuery = (client: Client) =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => client.session({ signal }),
    // What a token may is settled when it is made.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Tells whether who is signed in has a permission; everything counts as permitted until that is known. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useQuery(sessionQuery(useClient()));
  return (permission) =>
    data === undefined || data.permissions.includes("admin") || data.permissions.includes(permission);
}
