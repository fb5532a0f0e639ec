/** What is measured against each other: the gateway, the floor in its two forms, the engine. */
import type { Load } from "../load.ts";
import type { Scenario } from "../scenarios.ts";

/** Where and how a scenario's requests go. */
export type Aim = Pick<Load, "port" | "method" | "paths" | "headers" | "status" | "isFromMany" | "body">;

export interface Subject extends AsyncDisposable {
  readonly name: string;
  /** The processes that do its work. */
  readonly pids: readonly number[];
  /** Where the requests of a scenario go; for work that can be done once only, so many of them. */
  aim(scenario: Scenario, requests: number): Promise<Aim>;
}

export interface Surroundings {
  /** Address of the target. */
  readonly target: string;
  readonly shards: number;
  /** Lets the load generator make what a scenario uses up; answers the answers. */
  readonly make: (aim: Aim, requests: number) => Promise<readonly string[]>;
  /** Tells the target what its callbacks to a port are authorized with. */
  readonly authorize: (port: number, authorization: string) => Promise<void>;
}

/** Lanes are told apart by a query parameter. */
export const lanePaths = (path: string, lanes = 1) =>
  lanes === 1 ? [path] : Array.from({ length: lanes }, (_, lane) => `${path}?lane=${lane}`);
