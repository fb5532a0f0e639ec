/** The session: by a token, which is stored for the browser session only, or through Cloudflare Access. */
import { useSyncExternalStore } from "react";
import { createClient } from "../../client/index.ts";

const STORED_AS = "hookback.session";
/** The path at which Cloudflare Access ends its own session, on every host that it protects. */
const ACCESS_LOGOUT = "/cdn-cgi/access/logout";

export interface Session {
  /** Absent when Cloudflare Access identifies the user to the gateway. */
  readonly token?: string;
}

interface State {
  readonly session: Session | null;
  /** True until it is known whether Cloudflare Access has signed somebody in. */
  readonly isAsking: boolean;
  /** The reason why the last session ended, for the sign-in page. */
  readonly notice: string | null;
}

const first = stored();
let state: State = { session: first, isAsking: first === null, notice: null };
const listeners = new Set<() => void>();

export function signIn(session: Session): void {
  if (session.token !== undefined) sessionStorage.setItem(STORED_AS, JSON.stringify(session));
  change({ session, isAsking: false, notice: null });
}

/** @param notice why the session ended, for the sign-in page. */
export function signOut(notice: string | null = null): void {
  const isByAccess = state.session !== null && state.session.token === undefined;
  if (isByAccess && notice === null) {
    location.assign(ACCESS_LOGOUT);
    return;
  }
  sessionStorage.removeItem(STORED_AS);
  change({ session: null, isAsking: false, notice });
}

/** Signs in without a token, if Cloudflare Access identifies the user. */
export async function askAccess(): Promise<void> {
  try {
    await createClient().session();
    signIn({});
  } catch {
    change({ ...state, isAsking: false });
  }
}

export const useSession = (): State => useSyncExternalStore(subscribe, () => state);

function change(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Session | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(STORED_AS) ?? "null");
    return typeof value?.token === "string" ? { token: value.token } : null;
  } catch {
    return null;
  }
}
