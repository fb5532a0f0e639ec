/** HTTP requests to the API. */
import { ApiProblem, problemOf } from "./problem.ts";

export interface ClientOptions {
  /** The origin of the gateway. In a browser the default is the origin of the page. */
  readonly url?: string;
  /** Admin token or personal access token; not needed where something in between authenticates the caller. */
  readonly token?: string;
  /** Replaces the global fetch. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Undefined and empty values are omitted. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

interface RequestOptions extends CallOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
}

/** One page of a list. The last page has no `nextCursor`. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

export interface PageQuery extends Query {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Maximum number of items on one page. */
export const PAGE_LIMIT = 100;

export class Transport {
  /** Without a trailing slash; empty for the origin of the page. */
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

  /** Returns the JSON of the response, undefined for 204. Throws {@link ApiProblem}. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Returns the response if it is successful. Throws {@link ApiProblem}. */
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

  /** Sends any request, without the token. Throws {@link ApiProblem} when there is no response. */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      const detail = "The gateway did not answer. Check the connection and try again.";
      throw new ApiProblem(0, "unreachable", detail, [], cause);
    }
  }

  /** Returns all items of a list, up to `most`; requests one page after the other. */
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
  /** Maximum number of items. */
  readonly most?: number;
}

export function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** A path of segments, which may contain any characters. */
export const path = (...segments: string[]) => segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
