/** Callbacks as their owner makes them. */
import type { Workspace } from "./workspace.ts";

export interface Minted {
  readonly callbackUrl: string;
  readonly callbackState: string;
  readonly callbackCaseId: string;
  readonly status: string;
}

export interface Shown extends Minted {
  readonly calls: {
    readonly at: string;
    readonly method: string;
    readonly query: Record<string, string>;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly outcome: string;
    readonly responseCode: number;
  }[];
}

/** Mints a callback that records its calls and answers 200, unless other fields are given. */
export function mint(workspace: Workspace, fields: object = {}): Promise<Minted> {
  return workspace.post("/callbacks", { callbackActivity: { type: "record" }, responseType: "response", ...fields });
}

export const showCallback = (workspace: Workspace, { callbackState }: Pick<Minted, "callbackState">): Promise<Shown> =>
  workspace.get(`/callbacks/${callbackState}`);

/** Calls a URL without following what it answers. */
export const call = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });
