/**
 * Limits the requests of an object that wait for reply headers. Requests wait for a place in order of arrival. Hosts that
 * hang share a part of the places, so that requests to other hosts go on meanwhile.
 */

/** A host hangs when it takes this long to begin an answer, until it begins one sooner; in ms. */
const HANGING_MS = 5_000;
/** Most hosts that are remembered for having hung; the oldest are forgotten first. */
const REMEMBERED = 1_000;

interface Place {
  readonly host: string;
  /** Epoch ms. */
  readonly since: number;
}

interface Waiting {
  readonly host: string;
  readonly enter: (place: Place) => void;
}

export class ConnectionLimit {
  readonly #places: number;
  readonly #placesOfHanging: number;
  readonly #now: () => number;
  readonly #held = new Set<Place>();
  readonly #waiting: Waiting[] = [];
  /** Hosts whose last answer came late. */
  readonly #hung = new Set<string>();

  /** @param placesOfHanging the part of `places` that hosts that hang may hold together. */
  constructor(places: number, placesOfHanging: number, now: () => number = Date.now) {
    this.#places = places;
    this.#placesOfHanging = placesOfHanging;
    this.#now = now;
  }

  /** Runs a job once there is a place for it. The job ends when the host begins to answer, or has failed to. */
  async run<T>(host: string, job: () => Promise<T>): Promise<T> {
    const place = this.#mayEnter(host)
      ? this.#take(host)
      : await new Promise<Place>((enter) => this.#waiting.push({ host, enter }));
    let hasBegun = false;
    try {
      const begun = await job();
      hasBegun = true;
      return begun;
    } finally {
      this.#held.delete(place);
      this.#judge(host, this.#now() - place.since, hasBegun);
      this.#admit();
    }
  }

  #take(host: string): Place {
    const place = { host, since: this.#now() };
    this.#held.add(place);
    return place;
  }

  #admit(): void {
    for (;;) {
      const index = this.#waiting.findIndex(({ host }) => this.#mayEnter(host));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!next) return;
      next.enter(this.#take(next.host));
    }
  }

  #mayEnter(host: string): boolean {
    if (this.#held.size >= this.#places) return false;
    if (!this.#isHanging(host)) return true;
    return [...this.#held].filter((place) => this.#isHanging(place.host)).length < this.#placesOfHanging;
  }

  #isHanging(host: string): boolean {
    if (this.#hung.has(host)) return true;
    const since = this.#now() - HANGING_MS;
    return [...this.#held].some((place) => place.host === host && place.since <= since);
  }

  /** Only an answer clears a host: a request that was given up before it was sent says nothing about it. */
  #judge(host: string, ms: number, hasBegun: boolean): void {
    if (ms >= HANGING_MS) this.#hung.add(host);
    else if (hasBegun) this.#hung.delete(host);
    if (this.#hung.size > REMEMBERED) this.#hung.delete(this.#hung.values().next().value as string);
  }
}
