/** Requests to the API: address, token, JSON, problems. */
import { ApiProblem, problemOf } from "./problem.ts";

export interface ClientOptions {
  /** The gateway's origin; in a browser that of the page when left out. */
  readonly url?: string;
  /** Admin token or personal access token; none where something else proves who calls. */
  readonly token?: string;
  /** Replaces the global fetch. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Values of a query; what is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

interface RequestOptions extends CallOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
}

/** One page of a list; `nextCursor` is there when the list goes on. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

export interface PageQuery extends Query {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Most items of one page. */
export const PAGE_LIMIT = 100;

export class Transport {
  /** Without a slash at its end; empty for that of the page. */
  readonly origin: string;
  readonly #base: string;
  readonly #token: string | undefined;
  readonly #fetch: (url: string, init: RequestInit) => Promise<Response>;

  constructor({ url = "", token, fetch: send = (to, init) => fetch(to, init) }: ClientOptions) {
    this.origin = url.replace(/\/+$/, "");
    this.#base = `${this.origin}/api/v1`;
    this.#token = token;
    this.#fetch = send;
  }

  /** The JSON of the answer; undefined for 204. Throws {@link ApiProblem}. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** The answer itself, when it is one of success. Throws {@link ApiProblem}. */
  async send(method: string, path: string, { query, body, signal }: RequestOptions = {}): Promise<Response> {
    const init: RequestInit = {
      method,
      headers: {
        accept: "application/json, application/problem+json, */*;q=0.5",
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    const response = await this.fetch(this.#base + path + queryText(query), init);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** Any request, without the token of the API. Throws {@link ApiProblem} when there is no answer. */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      const detail = "The gateway did not answer. Check the connection and try again.";
      throw new ApiProblem(0, "unreachable", detail, [], cause);
    }
  }

  /** Every item of a list, up to a number, page by page. */
  async all<Item>(path: string, { query, signal, most = 10_000 }: AllOptions = {}): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | undefined; ; ) {
      const limit = Math.min(PAGE_LIMIT, most - items.length);
      const page: Page<Item> = await this.json("GET", path, { query: { ...query, limit, cursor }, signal });
      items.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === undefined || items.length >= most) return items;
    }
  }
}

export interface AllOptions extends CallOptions {
  readonly query?: Query;
  /** Most items to load. */
  readonly most?: number;
}

export function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** A path of segments, each of which may hold any characters. */
export const path = (...segments: string[]) => segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
