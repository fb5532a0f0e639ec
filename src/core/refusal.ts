/** Expected failures. They are values, told apart by a closed set of reasons; {@link STATUS_OF} is their one mapping to HTTP. */

/** Stable codes of RFC 9457 problem documents and the HTTP status each is answered with. */
export const STATUS_OF = {
  "invalid-json": 400,
  "invalid-request": 400,
  "body-incomplete": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  "already-answered": 409,
  "already-exists": 409,
  busy: 409,
  conflict: 409,
  "in-use": 409,
  cancelled: 409,
  gone: 410,
  "too-large": 413,
  "uri-too-long": 414,
  "unsupported-media-type": 415,
  "invalid-input": 422,
  "key-reused": 422,
  "flow-failed": 422,
  "too-many-requests": 429,
  "internal-error": 500,
  "call-rejected": 400,
  "call-failed": 502,
  "flow-broken": 502,
  "not-configured": 503,
  overloaded: 503,
  unavailable: 503,
  "timed-out": 504,
  "loop-detected": 508,
} as const;

export type Reason = keyof typeof STATUS_OF;

/** One thing wrong with one field of the input; `field` is a path such as `steps[0].url`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface Extras {
  /** What is wrong with each field. */
  readonly errors?: readonly FieldError[];
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Why something asked for was not done. `detail` is a sentence for the person who reads the answer, without secrets. */
export class Refusal {
  readonly reason: Reason;
  readonly detail: string;
  readonly extras: Extras;

  constructor(reason: Reason, detail: string, extras: Extras = {}) {
    this.reason = reason;
    this.detail = detail;
    this.extras = extras;
  }
}

/** Unknown paths and unknown ids are not told apart (contract). */
export const notFound = () =>
  new Refusal("not-found", "There is nothing at this address, or nothing of this name or id.");

/** A shard's database is nearly full: only retention, or more shards, makes room. */
export const databaseFull = () =>
  new Refusal("overloaded", "The storage of a shard of this workspace is full; retention makes room.", {
    headers: { "retry-after": "300" },
  });

/** Most things that are told to be wrong: an answer must not be larger than its question. */
const TOLD = 50;

/** Input that was understood but cannot be accepted. */
export function invalidInput(found: readonly FieldError[]): Refusal {
  const errors = found.slice(0, TOLD);
  const detail = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  return new Refusal("invalid-input", detail, { errors });
}
