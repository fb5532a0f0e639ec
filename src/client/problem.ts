/** What the API answers instead of what was asked for. */

/** One thing wrong with one field of the input; `field` is a path such as `steps[0].url`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** A problem document (RFC 9457), or the closest to it that an answer without one allows. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** HTTP status; 0 when there was no answer at all. */
  readonly status: number;
  /** Stable word for the kind of problem, such as `invalid-input`. */
  readonly code: string;
  /** A sentence for the person who reads it. */
  readonly detail: string;
  /** What is wrong with each field of the input. */
  readonly errors: readonly FieldProblem[];

  constructor(status: number, code: string, detail: string, errors: readonly FieldProblem[] = [], cause?: unknown) {
    super(detail, { cause });
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

/** The problem that an answer tells. Answers of something in between, such as a proxy, have no document. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const { status } = response;
  const document = await response.json().catch(() => null);
  if (typeof document !== "object" || document === null) {
    return new ApiProblem(status, "unknown", `The gateway answered ${status} without saying why.`);
  }
  const { code, detail, errors } = document as Record<string, unknown>;
  return new ApiProblem(
    status,
    typeof code === "string" ? code : "unknown",
    typeof detail === "string" ? detail : `The gateway answered ${status}.`,
    Array.isArray(errors) ? errors.filter(isFieldProblem) : [],
  );
}

function isFieldProblem(value: unknown): value is FieldProblem {
  const { field, message } = (value ?? {}) as Record<string, unknown>;
  return typeof field === "string" && typeof message === "string";
}
