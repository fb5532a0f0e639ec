/** Callbacks of adapters (CD2, CD3): a callback has no effect before its token and signature are verified. */
import { BodySignature, SIGNATURE_HEADER } from "../../core/adapter/chainio.ts";
import { type AdapterReply, readResult } from "../../core/adapter/result.ts";
import { type AdapterClaims, readAdapterToken } from "../../core/adapter/token.ts";
import { MemberScanner } from "../../core/json/members.ts";
import type { Body } from "../../core/message/body.ts";
import { Refusal } from "../../core/refusal.ts";
import { ADAPTER_LIMIT_BYTES, type Adapter } from "../../core/schema/adapter.ts";
import { type Address, readSignedId } from "../../core/security/signed-id.ts";
import type { CallbackContent } from "../../shard/results/adapter-callback.ts";
import { chunksOf, receiveStatement } from "../../storage/bodies/adapter-results.ts";
import { incoming, peek, receiveBody, sendBody } from "../../storage/bodies/bodies.ts";
import { type OwnedBodies, ownBodies } from "../../storage/bodies/owned-bodies.ts";
import { brokenOff } from "../../storage/bodies/store-failed.ts";
import { recordId } from "../../storage/kv/record-id.ts";
import type { RequestContext } from "../request-context.ts";
import { shardStub } from "../shards.ts";

/** Bytes of a callback in which its token is searched before the rest is received (CD3). */
const HEAD_BYTES = 64 * 1024;

/** The adapter that an authentic token belongs to. */
interface Sender {
  readonly claims: AdapterClaims;
  readonly address: Address;
  readonly adapter: Adapter;
  readonly sharedSecret: string;
}

/** Receives a callback; null when it is accepted. */
export async function receiveAdapterCallback(context: RequestContext, request: Request): Promise<Refusal | null> {
  const signature = request.headers.get(SIGNATURE_HEADER);
  if (signature === null || !request.body) return unauthentic();
  const peeked = await peek(request.body as ReadableStream<Uint8Array>, HEAD_BYTES).catch(() => null);
  if (!peeked) return incomplete();
  const { head, isOver, whole } = peeked;

  const early = tokenIn(head);
  if (early === null && isOver) return unauthentic();
  const known = early === null ? null : await senderOf(context, early);
  if (known instanceof Refusal) {
    await whole.cancel();
    return known;
  }
  const limit = known?.adapter.max_response_bytes ?? ADAPTER_LIMIT_BYTES;
  const { type, length } = incoming(request);
  await using bodies = ownBodies(context.env.BODIES);
  const source = { stream: whole, type, length };
  const raw = bodies.own(await receiveBody(context.env.BODIES, "callback", source, limit).catch(brokenOff));
  if (raw === null) return incomplete();
  if (raw === "too-large") return known ? endAsTooLarge(context, known, limit) : tooLarge(limit);
  return await verify(context, bodies, raw, signature, known);
}

async function verify(
  context: RequestContext,
  bodies: OwnedBodies,
  raw: Body,
  signature: string,
  known: Sender | null,
): Promise<Refusal | null> {
  const { env } = context;
  const sender = known ?? (await lateSender(context, raw));
  if (sender instanceof Refusal) return sender;
  const { adapter, claims } = sender;
  if (raw.size > adapter.max_response_bytes) return tooLarge(adapter.max_response_bytes);

  const own = new BodySignature(sender.sharedSecret);
  const chunks = tap(chunksOf(await sendBody(env.BODIES, raw)), (chunk) => own.update(chunk));
  const received = await receiveStatement(env.BODIES, claims.workspaceId, chunks);
  const body = "fault" in received ? null : bodies.own(received.body);
  if (!own.matches(signature)) return unauthentic();
  const read = "fault" in received ? received.fault.message : contentOf(received.statement, body, adapter);
  if (typeof read === "string") return (await deliver(context, sender, { status: "invalid" })) ?? invalid(read);
  bodies.release(body);
  return deliver(context, sender, read);
}

/** The content of an authentic callback; a text when it is not valid. */
function contentOf(statement: AdapterReply, body: Body | null, adapter: Adapter): CallbackContent | string {
  const result = readResult(statement);
  if (typeof result === "string") return result;
  const { status, notes } = result;
  if (status !== "progress") return { status, notes, body };
  if (body) return 'With the status "progress" there is no payload and there are no files.';
  return { status, notes, body: null, limitSeconds: adapter.token_ttl_seconds };
}

/** Passes the callback to its execution, whose end or expiry takes precedence over a fault in the body (CD3). */
async function deliver(
  { env }: RequestContext,
  { address, claims, adapter }: Sender,
  said: CallbackContent,
): Promise<Refusal | null> {
  const { sequence, run } = address;
  const isExpired = claims.expiresAt * 1000 <= Date.now();
  const callback = { sequence, run, adapterId: adapter.id, isExpired, content: said };
  switch (await shardStub(env, address.shard).answerAdapter(callback)) {
    case "accepted":
    case "invalid":
      return null;
    case "expired":
      return new Refusal("gone", "The callback token has expired.");
    case "unwanted":
      return invalid('The step does not accept the status "progress".');
    case "already-answered":
      return new Refusal("already-answered", "The step no longer waits for this callback.");
  }
}

async function endAsTooLarge(context: RequestContext, sender: Sender, limit: number): Promise<Refusal> {
  return (await deliver(context, sender, { status: "too-large" })) ?? tooLarge(limit);
}

/** The sender whose token is not in the head of the callback. */
async function lateSender(context: RequestContext, raw: Body): Promise<Sender | Refusal> {
  const finder = new TokenFinder();
  for await (const chunk of chunksOf(await sendBody(context.env.BODIES, raw))) {
    finder.write(chunk);
    if (finder.token !== null) break;
  }
  return finder.token === null ? unauthentic() : senderOf(context, finder.token);
}

async function senderOf({ config, store }: RequestContext, token: string): Promise<Sender | Refusal> {
  const claims = await readAdapterToken(config.signingKeys, token);
  const address = claims && readSignedId(config.signingKeys, "correlation", claims.subject);
  if (!claims || !address) return unauthentic();
  const adapter = await store.adapters.get(recordId(claims.workspaceId, claims.adapterId));
  const secret = adapter ? store.adapters.secretOf(claims.workspaceId, adapter, claims.version) : "unknown";
  if (!adapter || secret === "unknown") return unauthentic();
  if (secret === "not-here-yet") {
    return new Refusal("unavailable", "The adapter's new secret is not known here yet; try again shortly.", {
      headers: { "retry-after": "30" },
    });
  }
  return { claims, address, adapter, sharedSecret: secret.value };
}

function tokenIn(head: Uint8Array): string | null {
  const finder = new TokenFinder();
  finder.write(head);
  return finder.token;
}

/** Finds the member `callback` of a JSON object. */
class TokenFinder {
  token: string | null = null;
  readonly #scanner = new MemberScanner({
    onMember: (name) => (name === "callback" ? "collect" : "skip"),
    onValue: (_, bytes) => {
      const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
      this.token = typeof value === "string" ? value : null;
    },
  });

  write(chunk: Uint8Array): void {
    this.#scanner.write(chunk);
  }
}

async function* tap(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

/** The same answer for a wrong token and a wrong signature, so that callers cannot distinguish them (CD3). */
const unauthentic = () =>
  new Refusal("unauthenticated", "The callback token or the signature is missing or wrong.", {
    headers: { "www-authenticate": 'Signature realm="hookback"' },
  });
const incomplete = () => new Refusal("body-incomplete", "The request body ended before its announced length.");
const tooLarge = (limit: number) => new Refusal("too-large", `The body exceeds ${limit} bytes.`);
const invalid = (detail: string) => new Refusal("invalid-input", detail, { errors: [{ field: "", message: detail }] });
