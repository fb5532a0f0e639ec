/** Messages that templates make: transform steps, and a trigger's output (ND11). */
import { type Body, templateValue } from "../../../core/message/body.ts";
import {
  type RequestMetadata,
  renderBody,
  requestValues,
  type Template,
} from "../../../core/message/request-values.ts";
import type { TransformStep } from "../../../core/schema/flow.ts";
import { keepBody, loadBody } from "../../../storage/bodies/bodies.ts";
import { type Attempt, terminal } from "./attempt.ts";

/** Largest message that templates work on, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

interface Place {
  readonly bucket: R2Bucket;
  readonly workspaceId: string;
}

export async function runTransform(
  step: TransformStep,
  place: Place,
  message: Body,
  about: { readonly executionId: string; readonly trigger: string | null },
): Promise<Attempt> {
  const loaded = await loadBody(place.bucket, message, LIMIT_BYTES);
  if (!loaded) return tooLarge;
  const values = {
    message: templateValue(loaded),
    execution: { id: about.executionId },
    trigger: { name: about.trigger ?? "" },
  };
  const template = { template: step.template, contentType: step.contentType };
  return make(place, template, values, `template of ${step.name}`);
}

/** The trigger's output template, over the request and the message. */
export async function runOutput(
  template: Template,
  place: Place,
  {
    request,
    input,
    message,
  }: { readonly request: RequestMetadata | null; readonly input: Body; readonly message: Body },
): Promise<Attempt> {
  const [body, current] = await Promise.all([input, message].map((one) => loadBody(place.bucket, one, LIMIT_BYTES)));
  if (!body || !current) return tooLarge;
  const facts = request ?? { method: "", query: {}, headers: {} };
  return make(place, template, { ...requestValues(facts, body), message: templateValue(current) }, "output");
}

async function make(
  { bucket, workspaceId }: Place,
  template: Template,
  values: Record<string, unknown>,
  what: string,
): Promise<Attempt> {
  const made = renderBody(template, values);
  if ("error" in made) return terminal("error", `${what}: ${made.error}`);
  const body = await keepBody(bucket, workspaceId, made);
  return { kind: "replied", note: `${what} made ${body.size} bytes`, body };
}

const tooLarge = terminal("error", `A message above ${LIMIT_BYTES} bytes cannot go through a template.`);
