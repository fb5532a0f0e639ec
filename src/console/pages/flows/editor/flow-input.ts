/** Makes the input of the API from a draft, and moves its problems to the fields of the page. */
import { ApiProblem, type FieldProblem, type FlowInput, type StepInput } from "../../../../client/index.ts";
import { fieldProblem } from "../../../data/create-named.ts";
import type { HeaderRow } from "../../../ui/form/fields/row-id.ts";
import type { HttpDraft, StepDraft } from "./flow-draft.ts";

/** Throws a problem for a field that is not valid. */
export const inputOf = (steps: readonly StepDraft[]): FlowInput => ({
  steps: steps.map((step, index) => stepOf(step, `steps[${index}]`)),
});

/** A text that differs exactly when the steps differ. */
export const stateOf = (steps: readonly StepDraft[]): string =>
  JSON.stringify(steps, (key, value: unknown) => (key === "id" ? undefined : value));

function stepOf(step: StepDraft, path: string): StepInput {
  switch (step.type) {
    case "http":
      return httpOf(step, path);
    case "adapter":
      return {
        name: step.name,
        type: step.type,
        adapter: step.adapter,
        configuration: step.configuration,
        progress: step.progress,
      };
    case "transform":
      return {
        name: step.name,
        type: step.type,
        template: step.template,
        ...(step.contentType !== "" && { contentType: step.contentType }),
      };
  }
}

function httpOf(step: HttpDraft, path: string): StepInput {
  const { timeoutSeconds, callbackTimeoutSeconds, signingSecret } = step;
  return {
    name: step.name,
    type: step.type,
    url: step.url,
    method: step.method,
    headers: headersOf(step.headers, path),
    async: step.async,
    useAsyncResponseBody: step.useAsyncResponseBody,
    progress: step.progress,
    retry: { delaysSeconds: delaysOf(step.delaysSeconds, `${path}.retry.delaysSeconds`) },
    ...(timeoutSeconds !== "" && { timeoutSeconds: Number(timeoutSeconds) }),
    ...(callbackTimeoutSeconds !== "" && { callbackTimeoutSeconds: Number(callbackTimeoutSeconds) }),
    ...(signingSecret !== "" && { signingSecret }),
  };
}

/** Rows as an object. Throws a problem for two rows of one name. */
function headersOf(rows: readonly HeaderRow[], path: string): Record<string, string> {
  const named = rows.filter(({ name, value }) => name !== "" || value !== "");
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) < index);
  if (twice) throw fieldProblem(`${path}.headers.${twice.name}`, "another header has this name");
  return Object.fromEntries(named.map(({ name, value }) => [name, value]));
}

function delaysOf(text: string, path: string): number[] {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const numbers = parts.map(Number);
  const wrong = parts.find((_, index) => Number.isNaN(numbers[index]));
  if (wrong !== undefined) throw fieldProblem(path, `"${wrong}" is not a number of seconds`);
  return numbers;
}

/** Moves the problems of list members to the one field that holds the list. */
export function gathered(error: unknown): unknown {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return error;
  return new ApiProblem(error.status, error.code, error.detail, error.errors.map(gather), error);
}

function gather({ field, message }: FieldProblem): FieldProblem {
  const [, list, index] = /^(steps\[\d+\]\.retry\.delaysSeconds)\[(\d+)\]$/.exec(field) ?? [];
  if (list === undefined) return { field, message };
  return { field: list, message: `number ${Number(index) + 1}: ${message}` };
}
