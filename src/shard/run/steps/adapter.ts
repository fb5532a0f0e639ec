/** One invocation of an adapter: the signed request, and the meaning of its answer (C1 to C28). */

import {
  BodySignature,
  FLOW_HEADER,
  INVOCATION_HEADER,
  SIGNATURE_HEADER,
  WORKSPACE_HEADER,
} from "../../../core/adapter/chainio.ts";
import { readMessage, readResult } from "../../../core/adapter/result.ts";
import { makeAdapterToken } from "../../../core/adapter/token.ts";
import { toMs } from "../../../core/duration.ts";
import type { Note } from "../../../core/execution/log.ts";
import type { Body } from "../../../core/message/body.ts";
import { isOwn, type TraceContext, traceHeaders } from "../../../core/message/trace-context.ts";
import { type Adapter, checkConfiguration, configurationOf } from "../../../core/schema/adapter.ts";
import type { AdapterStep } from "../../../core/schema/flow.ts";
import { checkDestination } from "../../../core/security/destination.ts";
import { receiveStatement } from "../../../storage/bodies/adapter-results.ts";
import { bounded, dropBodies, incoming, readWhole, TooLarge } from "../../../storage/bodies/bodies.ts";
import { type HttpClient, newSpanId } from "../../send/http-client.ts";
import { signedRequest } from "./adapter-request.ts";
import { type Attempt, terminal } from "./attempt.ts";

/** Bytes of an unsuccessful answer that are read for its message. */
const MESSAGE_LIMIT_BYTES = 64 * 1024;

/** The input of an invocation. */
interface InvocationContext {
  readonly bucket: R2Bucket;
  readonly http: HttpClient;
  /** True while the execution still waits for this attempt. */
  readonly isWanted: () => boolean;
  /** The adapter and the secret that signs; null when the adapter or its key is gone. */
  readonly adapter: { readonly record: Adapter; readonly secret: { version: number; value: string } } | null;
  readonly signingKey: string;
  readonly allowPrivateDestinations: boolean;
  readonly workspaceId: string;
  readonly flowId: string;
  readonly executionId: string;
  readonly invocationId: string;
  readonly message: Body;
  readonly traceContext: TraceContext;
  /** The gateway's own origins. */
  readonly ownOrigins: readonly (string | null)[];
}

export async function invokeAdapter(step: AdapterStep, context: InvocationContext): Promise<Attempt> {
  if (!context.adapter) return terminal("bug", "The adapter does not exist any more, or no key opens its secret");
  const { record, secret } = context.adapter;
  const [misfit] = checkConfiguration(step.configuration, record.configuration);
  if (misfit) return terminal("error", `configuration.${misfit.field} does not fit the adapter: ${misfit.message}`);
  const url = checkDestination(record.webhook_url, { allowPrivate: context.allowPrivateDestinations });
  if (typeof url === "string") return terminal("error", url);
  if (isOwn(url, context.ownOrigins)) return terminal("error", "The URL leads to the gateway itself");

  const issuedAt = Math.floor(Date.now() / 1000);
  const owner = { subject: context.invocationId, workspaceId: context.workspaceId, adapterId: record.id };
  const token = await makeAdapterToken(
    context.signingKey,
    { ...owner, version: secret.version },
    issuedAt,
    record.token_ttl_seconds,
  );
  const request = await signedRequest({
    bucket: context.bucket,
    adapterType: record.type,
    configuration: configurationOf(step.configuration, record.configuration),
    message: context.message,
    token,
    sharedSecret: secret.value,
  });
  if (typeof request === "string") return terminal("error", request);

  const init = () => ({ method: "POST", headers: headersOf(request.signature, context), body: request.body() });
  const expected = { token, sharedSecret: secret.value, dueAt: toMs(issuedAt + record.token_ttl_seconds) };
  const what = `POST ${url.origin}`;
  const read = (response: Response) => readReply(response, step, record, context, expected, what);
  const attempt = await context.http.send(url, init, toMs(record.timeout_seconds), read, context.isWanted);
  if (attempt === "timed-out") {
    return terminal("bug", `The adapter was unresponsive: no complete answer within ${record.timeout_seconds} s`);
  }
  return attempt === "network" ? terminal("bug", `${what} could not be reached, or broke off`) : attempt;
}

function headersOf(
  signature: string,
  { traceContext, executionId, invocationId, workspaceId, flowId }: InvocationContext,
): Headers {
  return new Headers({
    "content-type": "application/json",
    [SIGNATURE_HEADER]: signature,
    [INVOCATION_HEADER]: invocationId,
    [WORKSPACE_HEADER]: workspaceId,
    [FLOW_HEADER]: flowId,
    "hookback-execution-id": executionId,
    "idempotency-key": invocationId,
    ...Object.fromEntries(traceHeaders(traceContext, executionId, newSpanId())),
  });
}

interface Expected {
  readonly token: string;
  readonly sharedSecret: string;
  /** When the token expires, epoch ms. */
  readonly dueAt: number;
}

async function readReply(
  response: Response,
  step: AdapterStep,
  { max_response_bytes: limit }: Adapter,
  { bucket, workspaceId }: InvocationContext,
  { token, sharedSecret, dueAt }: Expected,
  what: string,
): Promise<Attempt> {
  const { status } = response;
  const exchange = { status };
  const answered = `${what} answered ${status}`;
  if (status !== 200) return refusedBy(response, answered);

  const signature = new BodySignature(sharedSecret);
  const presented = response.headers.get(SIGNATURE_HEADER);
  const chunks = bounded(response, limit, (chunk) => signature.update(chunk));
  const received = await receiveStatement(bucket, workspaceId, chunks).catch((error: unknown) => {
    if (error instanceof TooLarge) return error;
    throw error;
  });
  if (received instanceof TooLarge) {
    return { ...terminal("error", `${answered} with more than ${limit} bytes`), exchange };
  }
  const bug = async (why: string, notes: readonly Note[] = []): Promise<Attempt> => {
    if ("body" in received && received.body) await dropBodies(bucket, [received.body]);
    return { ...terminal("bug", `${answered} ${why}`), notes, exchange };
  };
  if (presented !== null && !signature.matches(presented)) return bug("with a wrong signature");
  if ("fault" in received) {
    if (received.hasCallback) return bug(`with a result that cannot be read: ${received.fault.message}`);
    return { kind: "accepted", note: `${answered} without JSON`, dueAt, exchange };
  }
  const { statement, body } = received;
  const message = readMessage(statement.message, "info");
  if (statement.callback === null) {
    if (body) await dropBodies(bucket, [body]);
    return { kind: "accepted", note: answered, notes: message, dueAt, exchange };
  }
  if (statement.callback !== token) return bug("with a callback token that is not the one it was sent", message);
  const result = readResult(statement);
  if (typeof result === "string") return bug(`with a result that is not valid: ${result}`, message);
  if (result.status === "progress") {
    if (!step.progress) return bug("with progress, which the step does not allow", result.notes);
    if (body) await dropBodies(bucket, [body]);
    return { kind: "accepted", note: `${answered} with progress`, notes: result.notes, dueAt, exchange };
  }
  const { status: said, notes } = result;
  return { kind: "result", note: answered, result: { status: said, notes, body }, exchange };
}

/** C22 and C23; whatever else is no 200 is a malfunction (CD5). The status decides, whatever the body says. */
async function refusedBy(response: Response, answered: string): Promise<Attempt> {
  const { status } = response;
  const failure = status >= 400 && status < 500 ? "error" : "bug";
  const bytes = await readWhole(incoming(response), MESSAGE_LIMIT_BYTES).catch(() => null);
  const text = bytes === null || bytes === "too-large" ? "" : new TextDecoder().decode(bytes);
  const exchange = { status, ...(text !== "" && { reply: text.slice(0, 500) }) };
  return { ...terminal(failure, answered), notes: readMessage(messageIn(text), "error"), exchange };
}

function messageIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { message?: unknown } | null)?.message;
  } catch {
    return null;
  }
}
