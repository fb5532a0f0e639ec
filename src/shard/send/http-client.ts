/** Requests to other systems. */

import { ConnectionLimit } from "./connection-limit.ts";
import type { Deadline, Timeouts } from "./timeouts.ts";

/**
 * The platform lets one object wait for the headers of six replies; a seventh request is held back by it while our own
 * time runs. So requests wait here instead, and their time begins when they go out.
 */
const WAITING_FOR_HEADERS = 6;
/** How many of them may be to hosts that hang. */
const WAITING_FOR_HANGING = 4;

/** Id of a request within its trace: the end of a random UUID, whose first bit is set, so it is never zero. */
export const newSpanId = () => crypto.randomUUID().slice(-17).replace("-", "");

/** Why there is no reply. */
export type NoReply = "timed-out" | "network";

export class HttpClient {
  readonly #gate = new ConnectionLimit(WAITING_FOR_HEADERS, WAITING_FOR_HANGING);
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
  }

  /**
   * Sends a request and hands its reply to `read`. Redirects are not followed.
   *
   * @param makeInit asked when its turn has come, so that no stream is open while it waits.
   * @param timeoutMs longest time from sending to the end of reading.
   * @param isWanted asked when its turn has come: it may have been cancelled while it waited.
   */
  async send<T>(
    url: URL,
    makeInit: () => RequestInit,
    timeoutMs: number,
    read: (response: Response) => Promise<T>,
    isWanted: () => boolean = () => true,
  ): Promise<T | NoReply> {
    const abort = new AbortController();
    let deadline: Deadline | undefined;
    try {
      const response = await this.#gate.run(url.host, () => {
        if (!isWanted()) throw new Error("not wanted any more");
        deadline = this.#timeouts.set(timeoutMs, () => abort.abort());
        return fetch(url, { ...makeInit(), redirect: "manual", signal: abort.signal });
      });
      return await read(response);
    } catch {
      return abort.signal.aborted ? "timed-out" : "network";
    } finally {
      deadline?.clear();
    }
  }
}
