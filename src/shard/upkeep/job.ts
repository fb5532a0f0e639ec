/** One of the jobs that the alarm runs. A job that throws is logged and waits, each time longer; the others go on. */

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

export class Job {
  readonly #name: string;
  readonly #run: (now: number) => number;
  #failures = 0;
  /** The time at which it is due, epoch ms. */
  nextAt = 0;

  /** @param run does what is due and returns the time at which it is due again, epoch ms. */
  constructor(name: string, run: (now: number) => number) {
    this.#name = name;
    this.#run = run;
  }

  runIfDue(now: number): void {
    if (now < this.nextAt) return;
    try {
      this.nextAt = this.#run(now);
      this.#failures = 0;
    } catch (error) {
      console.error({ message: `${this.#name} failed`, error: String(error) });
      this.nextAt = now + Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS);
    }
  }
}
