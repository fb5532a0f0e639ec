/** Methods that several nouns of the API share. */
import {
  type AllOptions,
  type CallOptions,
  type Page,
  type PageQuery,
  path,
  type Query,
  type Transport,
} from "./transport.ts";

/** A list; `Filter` narrows its pages. */
export interface ListNoun<Item, Filter = unknown> {
  /** One page of the list. */
  list(query?: Filter & PageQuery, options?: CallOptions): Promise<Page<Item>>;
  /** All items, up to `most`; requests one page after the other. */
  all(options?: AllOptions): Promise<Item[]>;
}

/** Items that are stored under names of your choice. */
export interface NamedNoun<Item, Input> extends ListNoun<Item> {
  get(name: string, options?: CallOptions): Promise<Item>;
  /** Creates the item, or replaces the one with this name. */
  put(name: string, input: Input): Promise<Item>;
  delete(name: string): Promise<void>;
}

/** @param base the path of the list. */
export function listNoun<Item, Filter = unknown>(transport: Transport, base: string): ListNoun<Item, Filter> {
  return {
    list: (query, options) => transport.json("GET", base, { query: { ...(query as Query) }, ...options }),
    all: (options) => transport.all(base, options),
  };
}

export function namedNoun<Item, Input>(transport: Transport, base: string): NamedNoun<Item, Input> {
  return {
    ...listNoun(transport, base),
    get: (name, options) => transport.json("GET", base + path(name), options),
    put: (name, input) => transport.json("PUT", base + path(name), { body: input }),
    delete: (name) => transport.json("DELETE", base + path(name)),
  };
}
