/** Something that a person sets off and that changes something. */
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/index.ts";
import { notify, notifyProblem } from "../ui/feedback/toast.ts";

interface ActionOptions<Input, Result> {
  readonly run: (input: Input) => Promise<Result>;
  /** What to say when it is done; nothing when left out. */
  readonly done?: string | ((result: Result, input: Input) => string);
  /** Beginnings of the keys of what is to be loaded anew. */
  readonly refresh?: readonly QueryKey[];
  readonly onDone?: (result: Result, input: Input) => void;
}

/**
 * A mutation that says how it went. A problem with fields is left to the form that shows them; every other one is
 * told in a toast.
 */
export function useAction<Input = void, Result = unknown>({
  run,
  done,
  refresh = [],
  onDone,
}: ActionOptions<Input, Result>) {
  const queries = useQueryClient();
  return useMutation<Result, Error, Input>({
    mutationFn: run,
    onSuccess: (result, input) => {
      for (const queryKey of refresh) void queries.invalidateQueries({ queryKey });
      if (done !== undefined) notify(typeof done === "string" ? done : done(result, input));
      onDone?.(result, input);
    },
    onError: (error) => {
      if (error instanceof ApiProblem && (error.status === 401 || error.errors.length > 0)) return;
      notifyProblem(error);
    },
  });
}
