/** The defaults for loading, caching and retrying. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/index.ts";
import { signOut } from "../session/session.ts";

const MOST_RETRIES = 2;
const FRESH_MS = 5_000;

/** A 401 can come at any time: the token was deleted, or it has expired. */
function endSession(error: Error): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) return;
  signOut("Your session has ended: the gateway does not know you any more. Sign in again.");
}

/** A refusal of the gateway is final; network and server errors are not. */
const isWorthRetrying = (error: Error) => !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: endSession }),
    mutationCache: new MutationCache({ onError: endSession }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, error) => count < MOST_RETRIES && isWorthRetrying(error),
        // A machine without Internet still reaches a gateway of its own.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
