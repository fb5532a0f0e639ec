/** Problem documents (RFC 9457) as the contract promises them. */
import { expect } from "vitest";

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** The problem document of an answer, which must be one in every respect and have this status. */
export async function problemOf(answer: Response | Promise<Response>, status: number): Promise<Problem> {
  const response = await answer;
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(new RegExp(`^${status} `));
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json\b/);
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^(?:about:blank|[a-z]+:\S+)$/),
    title: expect.stringMatching(/\w/),
    status,
    detail: expect.stringMatching(/\w/),
    code: expect.stringMatching(/^[a-z]+(?:-[a-z]+)*$/),
  });
  return problem;
}

/** The fields that a 422 names, sorted; every one must come with a message. */
export async function refusedFields(answer: Response | Promise<Response>): Promise<string[]> {
  const { errors = [] } = await problemOf(answer, 422);
  for (const error of errors) expect(error.message).toMatch(/\w/);
  return errors.map(({ field }) => field).toSorted();
}
