/** The scenarios of the benchmark. */

export interface Scenario {
  readonly name: string;
  /** The kind of work; each subject translates it into requests. */
  readonly work: Work;
  /**
   * `timed`: for a fixed time. `counted`: a number of requests, until all are answered. `drained`: a number of
   * requests, until the target has received all of them.
   */
  readonly mode: "timed" | "counted" | "drained";
  /** Body size, in place of the payload option. */
  readonly bodyBytes?: number;
  /** Number of senders as a multiple of the concurrency option. */
  readonly senders?: number;
  readonly lanes?: number;
  /** True when the work is stored; only then the two forms of the floor differ. */
  readonly isDurable: boolean;
  /** True when the durable execution engine can do the same work. */
  readonly isEngineWork?: boolean;
}

export type Work = "accept" | "deliver" | "sync" | "async" | "lane" | "mint" | "use" | "forged";

const KIB = 1024;
const MIB = 1024 * KIB;

export const SCENARIOS: readonly Scenario[] = [
  { name: "accept", work: "accept", mode: "timed", isDurable: true, isEngineWork: true },
  { name: "deliver", work: "deliver", mode: "drained", isDurable: true, isEngineWork: true },
  { name: "sync", work: "sync", mode: "timed", isDurable: true, isEngineWork: true },
  // Half of the senders wait for their callback's delay at any time.
  { name: "async", work: "async", mode: "timed", senders: 2, isDurable: true, isEngineWork: true },
  { name: "lane-1", work: "lane", lanes: 1, mode: "drained", isDurable: true, isEngineWork: true },
  { name: "lane-64", work: "lane", lanes: 64, mode: "drained", isDurable: true },
  { name: "mint", work: "mint", mode: "timed", isDurable: true },
  { name: "use", work: "use", mode: "counted", isDurable: true },
  { name: "forged", work: "forged", mode: "timed", isDurable: false },
  { name: "body-64k", work: "sync", mode: "counted", bodyBytes: 64 * KIB, isDurable: true },
  { name: "body-1m", work: "sync", mode: "counted", bodyBytes: MIB, senders: 0.25, isDurable: true },
  { name: "body-32m", work: "sync", mode: "counted", bodyBytes: 32 * MIB, senders: 0.0625, isDurable: true },
];

/** The settings of the callbacks that are minted and used. */
export const CALLBACK = {
  callbackActivity: { type: "record" },
  responseType: "response",
  responseBody: "thank you",
  responseHeaders: { "content-type": "text/plain" },
};
