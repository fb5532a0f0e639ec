/** Mutations that a person starts, with a message about the outcome. */
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem } from "../../client/index.ts";
import { type Question, useConfirm } from "../ui/feedback/confirm.tsx";
import { notify, notifyProblem } from "../ui/feedback/toast.ts";

interface ActionOptions<Input, Result> {
  readonly run: (input: Input) => Promise<Result>;
  /** The message on success; none when left out. */
  readonly done?: string | ((result: Result, input: Input) => string);
  /** Prefixes of the keys to load again. */
  readonly refresh?: readonly QueryKey[];
  readonly onDone?: (result: Result, input: Input) => void;
}

/** A problem with fields is left to the form that shows them; every other problem is shown in a toast. */
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

/** An action that runs only after the person has confirmed it. */
export function useConfirmedAction<Input = void, Result = unknown>({
  question,
  ...options
}: ActionOptions<Input, Result> & { readonly question: (input: Input) => Question }) {
  const confirm = useConfirm();
  const { mutate, isPending } = useAction(options);
  const ask = async (input: Input) => {
    if (await confirm(question(input))) mutate(input);
  };
  return { ask: (input: Input) => void ask(input), isPending };
}
