/** Expected failures as values, with a closed set of reasons. */

/** The stable codes of RFC 9457 problem documents, each with its HTTP status. */
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

/** A problem with one field of the input; `field` is a path such as `steps[0].url`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface Extras {
  readonly errors?: readonly FieldError[];
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Why a request was not carried out. `detail` is a sentence for the reader of the response, without secrets. */
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

/** The same for unknown paths and unknown ids (contract). */
export const notFound = () =>
  new Refusal("not-found", "There is nothing at this address, or nothing of this name or id.");

/** A shard's database is nearly full; only retention or more shards help. */
export const databaseFull = () =>
  new Refusal("overloaded", "The storage of a shard of this workspace is full; retention makes room.", {
    headers: { "retry-after": "300" },
  });

/** Most errors reported, so that a response is not larger than its request. */
const ERRORS_LIMIT = 50;

export function invalidInput(found: readonly FieldError[]): Refusal {
  const errors = found.slice(0, ERRORS_LIMIT);
  const detail = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  return new Refusal("invalid-input", detail, { errors });
}
