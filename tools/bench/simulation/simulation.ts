/**
 * One shard as a discrete-event simulation: arrivals, one thread, shared commits, six requests that wait for
 * headers, a target with latency. Shards are independent, so one shard is enough.
 */
import TinyQueue from "tinyqueue";
import { quantilesOf } from "../../lib/statistics.ts";

export interface ShardModel {
  /** Messages that arrive at this shard each second, at random times. */
  readonly arrivalsPerSecond: number;
  readonly seconds: number;
  /** Thread time to accept a message, and to send it and store its result, in ms. */
  readonly acceptMs: number;
  readonly deliverMs: number;
  /** Duration of a commit; writes during a commit share the next one. */
  readonly commitMs: number;
  /** Time until the target's headers arrive; the mean when `varies` is set. */
  readonly targetMs: number;
  readonly varies?: boolean;
  /** Lanes of ordered delivery; 0 for none. */
  readonly lanes?: number;
  readonly random?: () => number;
}

export interface Outcome {
  readonly deliveredPerSecond: number;
  /** Undelivered messages at the end. */
  readonly backlog: number;
  readonly acceptP50Ms: number;
  readonly acceptP99Ms: number;
  readonly deliverP50Ms: number;
  readonly deliverP99Ms: number;
  /** The share of time in which the thread, and all of the connections, are busy. */
  readonly threadShare: number;
  readonly connectionShare: number;
}

/** Of the platform, and of `src/shard/send/http-client.ts`: requests of one object that wait for headers. */
const CONNECTIONS = 6;

interface Message {
  readonly at: number;
  readonly lane: number;
}

export function simulateShard(model: ShardModel): Outcome {
  const { seconds, lanes = 0, random = Math.random } = model;
  const end = seconds * 1000;
  const events = new TinyQueue<{ at: number; run: () => void }>([], (a, b) => a.at - b.at);
  let now = 0;
  const after = (ms: number, run: () => void) => events.push({ at: now + ms, run });
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;

  const thread = new Server(1, after);
  const connections = new Server(CONNECTIONS, after);
  const commit = groupCommit(model.commitMs, after);
  const held = new Map<number, Message[]>();
  const accepts: number[] = [];
  const delivers: number[] = [];
  let [arrived, delivered] = [0, 0];

  const deliver = (message: Message) =>
    thread.use(model.deliverMs / 2, () =>
      connections.use(model.varies ? exponential(model.targetMs) : model.targetMs, () => {
        delivered++;
        delivers.push(now - message.at);
        thread.use(model.deliverMs / 2, () => commit(() => next(message.lane)));
      }),
    );
  const next = (lane: number) => {
    const waiting = held.get(lane);
    const message = waiting?.shift();
    if (message) deliver(message);
    else held.delete(lane);
  };
  const arrive = () => {
    arrived++;
    const message = { at: now, lane: lanes > 0 ? Math.floor(random() * lanes) : -arrived };
    thread.use(model.acceptMs, () =>
      commit(() => {
        accepts.push(now - message.at);
        const waiting = held.get(message.lane);
        if (waiting) waiting.push(message);
        else {
          if (lanes > 0) held.set(message.lane, []);
          deliver(message);
        }
      }),
    );
    after(exponential(1000 / model.arrivalsPerSecond), arrive);
  };
  arrive();
  for (let event = events.pop(); event && event.at <= end; event = events.pop()) {
    now = event.at;
    event.run();
  }
  const [accept, delivery] = [quantilesOf(accepts), quantilesOf(delivers)];
  return {
    deliveredPerSecond: delivered / seconds,
    backlog: arrived - delivered,
    ...{ acceptP50Ms: accept(0.5), acceptP99Ms: accept(0.99) },
    ...{ deliverP50Ms: delivery(0.5), deliverP99Ms: delivery(0.99) },
    threadShare: Math.min(1, thread.busyMs / end),
    connectionShare: Math.min(1, connections.busyMs / CONNECTIONS / end),
  };
}

/** A resource with a number of places, assigned in order of arrival. */
class Server {
  readonly #after: (ms: number, run: () => void) => void;
  readonly #waiting: { ms: number; done: () => void }[] = [];
  #first = 0;
  #free: number;
  busyMs = 0;

  constructor(places: number, after: (ms: number, run: () => void) => void) {
    this.#free = places;
    this.#after = after;
  }

  use(ms: number, done: () => void): void {
    if (this.#free === 0) {
      this.#waiting.push({ ms, done });
      return;
    }
    this.#free--;
    this.#start(ms, done);
  }

  #start(ms: number, done: () => void): void {
    this.busyMs += ms;
    this.#after(ms, () => {
      const next = this.#waiting[this.#first];
      if (next) {
        this.#first++;
        this.#start(next.ms, next.done);
      } else this.#free++;
      done();
    });
  }
}

function groupCommit(ms: number, after: (ms: number, run: () => void) => void) {
  let waiting: (() => void)[] = [];
  let isCommitting = false;
  const begin = () => {
    const group = waiting;
    waiting = [];
    isCommitting = group.length > 0;
    if (!isCommitting) return;
    after(ms, () => {
      for (const done of group) done();
      begin();
    });
  };
  return (done: () => void) => {
    waiting.push(done);
    if (!isCommitting) begin();
  };
}
