/** Errors that end a command: a message for people, an exit code for scripts. */
import type { ApiProblem, FieldProblem } from "../client/index.ts";

/** Documented in `--help`; scripts rely on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

interface Details {
  /** A stable word for scripts. */
  readonly code?: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly errors?: readonly FieldProblem[];
}

export class Failure extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly errors: readonly FieldProblem[];

  constructor(exitCode: number, message: string, { code = "failed", hint, errors = [] }: Details = {}) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
    this.errors = errors;
  }
}

export const wrongUsage = (message: string, hint?: string) => new Failure(EXIT.usage, message, { code: "usage", hint });

export const refused = (message: string, details?: Details) => new Failure(EXIT.failed, message, details);

const FILE_ERRORS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "you are not permitted to",
  EISDIR: "it is a folder",
};

/** Reads or writes a file that the command line names; errors say why that is not possible. */
export function accessFile<T>(file: string, verb: "read" | "written", access: () => T): T {
  try {
    return access();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw wrongUsage(`${file} cannot be ${verb}: ${FILE_ERRORS[code] ?? code}.`);
  }
}

export function unreachable(url: string, { code, cause }: ApiProblem): Failure {
  const { code: reason } = ((cause as Error | undefined)?.cause ?? {}) as { code?: string };
  const message = `No gateway answers on ${url}${reason ? ` (${reason})` : ""}.`;
  return new Failure(EXIT.unreachable, message, { code, hint: "Is it running? npm start starts one on this machine." });
}
