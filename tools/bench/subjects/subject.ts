/** The systems under comparison: the gateway, the two forms of the floor, the engine. */
import type { Load } from "../load.ts";
import type { Scenario } from "../scenarios.ts";

/** The requests of a scenario for one subject. */
export type Destination = Pick<Load, "port" | "method" | "paths" | "headers" | "status" | "isFromMany" | "body">;

export interface Subject extends AsyncDisposable {
  readonly name: string;
  /** The processes that do its work. */
  readonly pids: readonly number[];
  /** Builds the requests of a scenario; for work that is possible only once, the given number of them. */
  destination(scenario: Scenario, requests: number): Promise<Destination>;
}

export interface Surroundings {
  /** Address of the target. */
  readonly target: string;
  readonly shards: number;
  /** Lets the load generator create what a scenario consumes; resolves to the bodies of the answers. */
  readonly make: (destination: Destination, requests: number) => Promise<readonly string[]>;
  /** Sets the authorization of the target's callbacks to a port. */
  readonly authorize: (port: number, authorization: string) => Promise<void>;
}

/** One path per lane: a query parameter selects the lane. */
export const lanePaths = (path: string, lanes = 1) =>
  lanes === 1 ? [path] : Array.from({ length: lanes }, (_, lane) => `${path}?lane=${lane}`);
