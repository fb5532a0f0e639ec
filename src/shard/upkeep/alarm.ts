/** The shard's one alarm. Setting it is a billed write, so it is only ever moved forward, to an earlier time. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  /** When the alarm rings as far as this object knows, epoch ms; after a restart it does not know. */
  #armedAt = Number.POSITIVE_INFINITY;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Makes sure that the alarm rings at `at` (epoch ms) or before; the past means at once. */
  arm(at: number, now: number): void {
    const wanted = Math.max(at, now + 1);
    if (wanted >= this.#armedAt) return;
    this.#armedAt = wanted;
    void this.#storage.setAlarm(wanted);
  }

  /** The alarm has rung: none is set any more. */
  rang(): void {
    this.#armedAt = Number.POSITIVE_INFINITY;
  }
}
