import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { Loader } from "@cloudflare/kumo/components/loader";
import type { ReactNode } from "react";
import { ApiProblem } from "../../../client/index.ts";
import { EmptyState } from "../feedback/empty-state.tsx";
import styles from "./loaded.module.css";

/** The part of a query that shows how far it is. */
export interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface Props<T> {
  readonly query: Loadable<T>;
  /** The name of the data, such as "the flows". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** Shows the data of a query once it is loaded; until then a loader, or why loading failed. */
export function Loaded<T>({ query, what, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <LoadProblem error={query.error} what={what} retry={() => void query.refetch()} />;
  return <Loading what={what} />;
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className={styles.loading} role="status">
      <Loader size={20} />
      <span className="hidden-visually">Loading {what}</span>
    </div>
  );
}

interface ProblemProps {
  readonly error: Error;
  readonly what: string;
  readonly retry: () => void;
}

export function LoadProblem({ error, what, retry }: ProblemProps) {
  if (error instanceof ApiProblem && error.status === 404) {
    return <EmptyState title="There is nothing here" text={`${capitalised(what)} does not exist, or not any more.`} />;
  }
  if (error instanceof ApiProblem && error.status === 403) {
    return <Banner variant="alert" title={`Your token may not see ${what}`} description={error.detail} />;
  }
  return (
    <Banner
      variant="error"
      title={`Loading ${what} did not work`}
      description={error.message}
      action={<Button onClick={retry}>Try again</Button>}
    />
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
