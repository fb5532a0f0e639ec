/** An error in one field of the input; `field` is a path such as `steps[0].url`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** A problem document (RFC 9457), or an equivalent for a response without one. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  /** Stable word for the kind of problem, such as `invalid-input`. */
  readonly code: string;
  /** A sentence for people. */
  readonly detail: string;
  readonly errors: readonly FieldProblem[];

  constructor(status: number, code: string, detail: string, errors: readonly FieldProblem[] = [], cause?: unknown) {
    super(detail, { cause });
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

/** Reads the problem from a response. Responses of a proxy have no problem document. */
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
