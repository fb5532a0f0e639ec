/** A map bounded in number and size, because all tenants share the memory of an isolate. The oldest entries are removed first. */
export class BoundedMap<V, K = string> {
  readonly #entries = new Map<K, { value: V; size: number }>();
  readonly #maxEntries: number;
  readonly #maxSize: number;
  #size = 0;

  /** @param maxSize of all values together, in the unit of the `size` that {@link set} gets. */
  constructor(maxEntries: number, maxSize: number) {
    this.#maxEntries = maxEntries;
    this.#maxSize = maxSize;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Stores a value as the newest. A value larger than the whole map is not stored. */
  set(key: K, value: V, size: number): void {
    this.delete(key);
    if (size > this.#maxSize) return;
    this.#entries.set(key, { value, size });
    this.#size += size;
    while (this.#entries.size > this.#maxEntries || this.#size > this.#maxSize)
      this.delete(this.keys().next().value as K);
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
