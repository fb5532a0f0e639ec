/** The one alarm of a shard. Setting it is a billed write, so it is only ever moved to an earlier time. */
export class Alarm {
  readonly #storage: Pick<DurableObjectStorage, "setAlarm">;
  /** The time at which it rings as far as this object knows, epoch ms; after a restart it does not know. */
  #armedAt = Number.POSITIVE_INFINITY;

  constructor(storage: Pick<DurableObjectStorage, "setAlarm">) {
    this.#storage = storage;
  }

  /** Makes sure that the alarm rings at `at` (epoch ms) or earlier; a time in the past means at once. */
  arm(at: number, now: number): void {
    const wanted = Math.max(at, now + 1);
    if (wanted >= this.#armedAt) return;
    this.#armedAt = wanted;
    this.#storage.setAlarm(wanted).catch(() => this.rang());
  }

  /** To be called when the alarm has rung: it is set no more. */
  rang(): void {
    this.#armedAt = Number.POSITIVE_INFINITY;
  }
}
