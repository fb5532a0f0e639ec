/** A pool of keep-alive connections to one port. */
import { type Answer, Connection, requestBytes } from "./connection.ts";

export class Pool {
  readonly #port: number;
  readonly #keepsBodies: boolean;
  readonly #idle: Connection[] = [];

  constructor(port: number, keepsBodies = false) {
    this.#port = port;
    this.#keepsBodies = keepsBodies;
  }

  async post(path: string, headers: Readonly<Record<string, string>>, body: Buffer | string): Promise<Answer> {
    const request = requestBytes({ port: this.#port, method: "POST", path, headers }, body);
    for (;;) {
      const kept = this.#idle.pop();
      if (kept && !kept.isOpen) continue;
      const connection = kept ?? (await Connection.open(this.#port, this.#keepsBodies));
      try {
        const answer = await connection.send(request);
        this.#idle.push(connection);
        return answer;
      } catch (error) {
        // The other side may close a pooled connection while it is reused.
        if (!kept) throw error;
      }
    }
  }
}
