/** Sets the object's alarm for the earliest thing that is due. Nobody else sets it. */
import type { RunQueue } from "../queue/run-queue.ts";
import type { Alarm } from "./alarm.ts";
import type { Retention } from "./retention.ts";

/** While anything could be running the alarm rings at least this often: it wakes the object if it was stopped. */
const WATCHDOG_MS = 30_000;

interface WakeUpParts {
  readonly alarm: Alarm;
  readonly queue: RunQueue;
  readonly retention: Retention;
}

export class WakeUp {
  readonly #parts: WakeUpParts;

  constructor(parts: WakeUpParts) {
    this.#parts = parts;
  }

  arm(now: number): void {
    const { alarm, queue, retention } = this.#parts;
    const startAt = queue.nextStartAt() ?? 0;
    const never = Number.POSITIVE_INFINITY;
    const at = Math.min(
      queue.nextDueAt() ?? never,
      // What may start already waits for the dispatcher; an alarm would ring at once, again and again.
      startAt > now ? startAt : never,
      queue.isBusy ? now + WATCHDOG_MS : never,
      retention.nextAt ?? never,
    );
    if (at < never) alarm.arm(at, now);
  }
}
