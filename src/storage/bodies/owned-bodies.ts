/** Ownership of stored bodies: an object in R2 that no row refers to would stay for ever. */
import { type Body, isStored } from "../../core/message/body.ts";
import { dropBodies } from "./bodies.ts";

type MaybeBody = Body | "too-large" | null | undefined;

/**
 * The stored bodies that a scope owns. Leaving the scope, by an exception too, deletes those that were not released, and
 * never throws. Within the scope promises that use the bodies are awaited, also in `return await`.
 *
 * A body is released before it is handed on. If the receiver breaks off, nobody knows whether a row refers to the body,
 * so it has to stay. If the receiver answers that it refused the body, the body is owned again.
 */
export class OwnedBodies implements AsyncDisposable {
  readonly #bucket: R2Bucket;
  /** Made for the first stored body: most scopes own none. */
  #keys: Set<string> | null = null;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Registers a body, and returns it. A body in memory needs no owner. */
  own<T extends MaybeBody>(body: T): T {
    if (typeof body === "object" && body !== null && isStored(body)) {
      this.#keys ??= new Set();
      this.#keys.add(body.key);
    }
    return body;
  }

  release(...bodies: readonly MaybeBody[]): void {
    for (const body of bodies)
      if (typeof body === "object" && body !== null && isStored(body)) this.#keys?.delete(body.key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keys) await dropBodies(this.#bucket, [...this.#keys]);
  }
}

/** `await using bodies = ownBodies(bucket, ...received)`: the scope owns `received` and what it registers later. */
export function ownBodies(bucket: R2Bucket, ...received: readonly MaybeBody[]): OwnedBodies {
  const bodies = new OwnedBodies(bucket);
  for (const body of received) bodies.own(body);
  return bodies;
}
