/** Requests to other systems. */
import { ConnectionLimit } from "./connection-limit.ts";
import type { Timeout, Timeouts } from "./timeouts.ts";

/**
 * The platform lets one object wait for the headers of six replies and holds a seventh request back. Requests wait here
 * instead, so that their time limit begins when they are sent.
 */
const WAITING_FOR_HEADERS = 6;
/** The part of them for hosts that hang. */
const WAITING_FOR_HANGING = 4;

/** Id of a request within its trace: the end of a random UUID, whose first bit is set, so that it is never zero. */
export const newSpanId = () => crypto.randomUUID().slice(-17).replace("-", "");

/** Why there is no reply. */
export type NoReply = "timed-out" | "network";

export class HttpClient {
  readonly #connections = new ConnectionLimit(WAITING_FOR_HEADERS, WAITING_FOR_HANGING);
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
  }

  /**
   * Sends a request and hands its reply to `read`. Redirects are not followed.
   *
   * @param makeInit called when its turn has come, so that no stream is open while it waits.
   * @param timeoutMs longest time from sending to the end of reading.
   * @param isWanted called when its turn has come: the execution may have been cancelled while it waited.
   */
  async send<T>(
    url: URL,
    makeInit: () => RequestInit,
    timeoutMs: number,
    read: (response: Response) => Promise<T>,
    isWanted: () => boolean = () => true,
  ): Promise<T | NoReply> {
    const abort = new AbortController();
    let timeout: Timeout | undefined;
    try {
      const response = await this.#connections.run(url.host, () => {
        if (!isWanted()) throw new Error("no longer wanted");
        timeout = this.#timeouts.set(timeoutMs, () => abort.abort());
        return fetch(url, { ...makeInit(), redirect: "manual", signal: abort.signal });
      });
      return await read(response);
    } catch {
      return abort.signal.aborted ? "timed-out" : "network";
    } finally {
      timeout?.clear();
    }
  }
}
