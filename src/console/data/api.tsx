/** The API for components: the signed-in client, and the workspace that the page is about. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Client, createClient, type WorkspaceClient } from "../../client/index.ts";
import type { Session } from "../session/session.ts";

const ClientContext = createContext<Client | null>(null);
const WorkspaceContext = createContext<WorkspaceClient | null>(null);

export function ApiProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const client = useMemo(() => createClient(session), [session]);
  return <ClientContext value={client}>{children}</ClientContext>;
}

export function WorkspaceProvider({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const client = useClient();
  const workspace = useMemo(() => client.workspace(name), [client, name]);
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}

/** The API as a whole: workspaces and tokens. */
export const useClient = (): Client => required(useContext(ClientContext));

/** Everything below the workspace of the page. */
export const useWorkspace = (): WorkspaceClient => required(useContext(WorkspaceContext));

function required<T>(value: T | null): T {
  if (value === null) throw new Error("There is no provider above this component.");
  return value;
}
