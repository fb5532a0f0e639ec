/** Failures of the bucket itself, told apart from those of whoever sends a body. */

/** The bucket did not do what it was asked: nobody's fault outside, and worth another try. */
export class StoreFailed extends Error {}

/** For who takes a body in from outside: null when its sender broke off, while a failing bucket stays an exception. */
export function brokenOff(error: unknown): null {
  if (error instanceof StoreFailed) throw error;
  return null;
}

/** What the bucket is asked for. */
export function fromStore<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new StoreFailed(String(error));
  });
}
