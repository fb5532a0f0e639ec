/** Callbacks of asynchronous steps in the Link dialect, with the order of checks that LD2 requires. */
import { readLinkCallback, wrongStatus } from "../../core/callback/link.ts";
import { notFound, Refusal } from "../../core/refusal.ts";
import { readSignedId } from "../../core/security/signed-id.ts";
import { incoming, receiveBody } from "../../storage/bodies/bodies.ts";
import { brokenOff } from "../../storage/bodies/store-failed.ts";
import { authenticate, isPermitted, lacksPermission } from "../access/caller.ts";
import type { RequestContext } from "../request-context.ts";
import { shardStub } from "../shards.ts";

/** Largest callback body, in bytes. */
const CALLBACK_LIMIT_BYTES = 600 * 1024 * 1024;

export async function receiveLinkCallback(
  { env, config, store }: RequestContext,
  request: Request,
): Promise<Refusal | null> {
  const caller = await authenticate(request, config, store, "Basic");
  if (caller instanceof Refusal) return caller;
  if (!isPermitted(caller, "asyncflow.callback.send")) return lacksPermission("asyncflow.callback.send");
  const read = readLinkCallback(request.headers);
  if (read instanceof Refusal) return read;
  const address = readSignedId(config.signingKeys, "correlation", read.correlationId);
  if (!address) return notFound();

  const body = await receiveBody(env.BODIES, "callback", incoming(request), CALLBACK_LIMIT_BYTES).catch(brokenOff);
  if (body === null) return new Refusal("body-incomplete", "The request body ended before its announced length.");
  if (body === "too-large") return new Refusal("too-large", `The body exceeds ${CALLBACK_LIMIT_BYTES} bytes.`);

  const { sequence, run } = address;
  const { signal } = read;
  const workspaceId = caller.workspace?.id ?? null;
  const callback = { sequence, run, workspaceId, caller: caller.label, signal, body };
  switch (await shardStub(env, address.shard).answer(callback)) {
    case "accepted":
      return null;
    case "unknown":
      return notFound();
    case "foreign":
      return new Refusal("forbidden", "The token belongs to another workspace.");
    case "unwanted":
      return wrongStatus();
    case "already-answered":
      return new Refusal("already-answered", "The step no longer waits for this callback.");
  }
}
