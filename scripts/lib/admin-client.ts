/** A small client of the admin API, for the demo workspace. */

export class AdminClient {
  readonly url: string;
  readonly #token: string;

  /** @param url the gateway's origin, without a slash at its end. */
  constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#call("GET", path) as Promise<T>;
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#call("PUT", path, body) as Promise<T>;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call("POST", path, body) as Promise<T>;
  }

  async delete(path: string): Promise<void> {
    await this.#call("DELETE", path);
  }

  /** The same as {@link get}, with null for what does not exist. */
  async find<T>(path: string): Promise<T | null> {
    const response = await this.#send("GET", path);
    if (response.status !== 404) return (await answerOf(response, "GET", path)) as T;
    await response.body?.cancel();
    return null;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    return answerOf(await this.#send(method, path, body), method, path);
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
  }
}

async function answerOf(response: Response, method: string, path: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /api/v1${path} answered ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}
