/** What is measured. */

export interface Scenario {
  readonly name: string;
  /** What is sent where; each subject knows its own way to do it. */
  readonly work: Work;
  /**
   * `timed`: as many as a span of time allows. `counted`: so many requests until all are answered. `drained`: so many
   * requests until the target has all of them.
   */
  readonly mode: "timed" | "counted" | "drained";
  /** Size of the body where it is not the payload that was asked for. */
  readonly bodyBytes?: number;
  /** Senders, as a multiple of the concurrency that was asked for. */
  readonly senders?: number;
  readonly lanes?: number;
  /** Whether it writes; a comparison of commits means nothing to the others. */
  readonly isDurable: boolean;
  /** Whether the durable execution engine does the same work. */
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
