/** What the API says about fields, brought to the fields. */
import { createContext, useContext, useEffect } from "react";

export interface FieldProblems {
  /** What is wrong with the field of this path, such as `steps[0].url`. */
  readonly messageAt: (path: string) => string | undefined;
  /** Tells that a field of this path is on the page, so that its problem need not stand above the form. */
  readonly claim: (path: string) => () => void;
}

export const ProblemsContext = createContext<FieldProblems>({
  messageAt: () => undefined,
  claim: () => () => undefined,
});

/** The problem of one field. Fields that are drawn by something else than this folder use it too. */
export function useFieldProblem(path: string): string | undefined {
  const { messageAt, claim } = useContext(ProblemsContext);
  useEffect(() => claim(path), [claim, path]);
  return messageAt(path);
}
