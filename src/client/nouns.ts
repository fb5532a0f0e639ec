/** Methods that several nouns of the API share. */
import { type AllOptions, type CallOptions, type Page, type PageQuery, path, type Transport } from "./transport.ts";

/**
 * A list. `Filter` narrows it.
 *
 * @param base the path of the list.
 */
export function listNoun<Item, Filter = unknown>(transport: Transport, base: string) {
  return {
    /** One page of the list. */
    list: (query?: Filter & PageQuery, options?: CallOptions): Promise<Page<Item>> =>
      transport.json("GET", base, { query, ...options }),
    /** All items, up to `most`; requests one page after the other. */
    all: (options?: AllOptions): Promise<Item[]> => transport.all(base, options),
  };
}

/** Items that are stored under names of your choice. */
export function namedNoun<Item, Input>(transport: Transport, base: string) {
  return {
    ...listNoun<Item>(transport, base),
    get: (name: string, options?: CallOptions): Promise<Item> => transport.json("GET", base + path(name), options),
    /** Creates the item, or replaces the one with this name. */
    put: (name: string, input: Input): Promise<Item> => transport.json("PUT", base + path(name), { body: input }),
    delete: (name: string): Promise<void> => transport.json("DELETE", base + path(name)),
  };
}
