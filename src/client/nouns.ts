/** Nouns that are listed, read, saved and deleted by name. */
import { type AllOptions, type CallOptions, type Page, type PageQuery, path, type Transport } from "./transport.ts";

/** What can be done with something stored under a name of one's choice. */
export interface NamedNoun<Item, Input> {
  /** One page of the list. */
  list(query?: PageQuery, options?: CallOptions): Promise<Page<Item>>;
  /** The whole list, page by page. */
  all(options?: AllOptions): Promise<Item[]>;
  get(name: string, options?: CallOptions): Promise<Item>;
  /** Creates it, or replaces what has the name. */
  put(name: string, input: Input): Promise<Item>;
  delete(name: string): Promise<void>;
}

/** @param base the path of the list. */
export function namedNoun<Item, Input>(transport: Transport, base: string): NamedNoun<Item, Input> {
  return {
    list: (query, options) => transport.json("GET", base, { query, ...options }),
    all: (options) => transport.all(base, options),
    get: (name, options) => transport.json("GET", base + path(name), options),
    put: (name, input) => transport.json("PUT", base + path(name), { body: input }),
    delete: (name) => transport.json("DELETE", base + path(name)),
  };
}
