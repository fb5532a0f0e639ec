/** Failures of the bucket, as distinct from those of the sender of a body. */

/** The bucket failed. The caller is not at fault and may try again. */
export class StoreFailed extends Error {}

/** Handles a rejected receipt: null when the sender disconnected; a failure of the bucket is thrown again. */
export function brokenOff(error: unknown): null {
  if (error instanceof StoreFailed) throw error;
  return null;
}

/** Marks the failure of a bucket operation. */
export function fromStore<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new StoreFailed(String(error));
  });
}
