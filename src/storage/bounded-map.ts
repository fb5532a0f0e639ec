/** What an isolate remembers, bounded in number and in size: all tenants share its memory. The oldest go first. */
export class BoundedMap<V, K = string> {
  readonly #entries = new Map<K, { value: V; size: number }>();
  readonly #most: number;
  readonly #room: number;
  #size = 0;

  /** @param room for all values together, in the unit that {@link set} is told. */
  constructor(most: number, room: number) {
    this.#most = most;
    this.#room = room;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Remembers a value as the newest; one that takes more than all the room is not remembered. */
  set(key: K, value: V, size: number): void {
    this.delete(key);
    if (size > this.#room) return;
    this.#entries.set(key, { value, size });
    this.#size += size;
    while (this.#entries.size > this.#most || this.#size > this.#room) this.delete(this.keys().next().value as K);
  }

  delete(key: K): void {
    const known = this.#entries.get(key);
    if (!known) return;
    this.#entries.delete(key);
    this.#size -= known.size;
  }

  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }
}
