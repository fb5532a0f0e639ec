/** Delivers the problems that the API reports to their fields. */
import { createContext, useContext, useEffect } from "react";

export interface FieldProblems {
  /** The problem of the field with this path, such as `steps[0].url`. */
  readonly messageAt: (path: string) => string | undefined;
  /** Registers a field of this path: its problem is not listed above the form. */
  readonly claim: (path: string) => () => void;
}

export const ProblemsContext = createContext<FieldProblems>({
  messageAt: () => undefined,
  claim: () => () => undefined,
});

/** The problem of one field, also for fields outside this folder. */
export function useFieldProblem(path: string): string | undefined {
  const { messageAt, claim } = useContext(ProblemsContext);
  useEffect(() => claim(path), [claim, path]);
  return messageAt(path);
}
