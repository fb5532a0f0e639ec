/** Authentication of a trigger's callers: API keys, passwords and signatures (ND2, ND3, ND15). */

import type { Body } from "../../core/message/body.ts";
import { type FieldError, Refusal } from "../../core/refusal.ts";
import type { TriggerInput } from "../../core/schema/trigger.ts";
import type { BasicAuth, SignatureAuth } from "../../core/schema/trigger-auth.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { hashCredential, isBasic, sameText } from "../../core/security/credential.ts";
import { noSecret } from "../../core/security/secret-box.ts";
import { beginVerification, isSecretFor, SignatureRefusal } from "../../core/security/signature.ts";
import { unreachable } from "../../core/unreachable.ts";
import { incoming, receiveBody } from "../../storage/bodies/bodies.ts";
import type { OwnedBodies } from "../../storage/bodies/owned-bodies.ts";
import { brokenOff } from "../../storage/bodies/store-failed.ts";
import { recordKeyUse } from "../../storage/kv/key-uses.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import type { Lookup } from "../configuration/lookup.ts";
import type { RequestContext } from "../request-context.ts";
import type { Endpoint } from "./intake.ts";

/** Checks the credentials of a caller. A signature proves a message and not its caller: {@link receiveVerifiedBody}. */
export async function checkCredentials(
  context: RequestContext,
  endpoint: Endpoint,
  request: Request,
): Promise<Refusal | null> {
  const { auth } = endpoint.trigger;
  switch (auth.type) {
    case "none":
    case "signature":
      return null;
    case "apiKeys":
      return checkApiKey(context, endpoint, request);
    case "basic":
      return checkPassword(context, endpoint, auth, request);
    default:
      return unreachable(auth);
  }
}

/** Receives the body of a call whose credentials are valid. */
export async function receiveVerifiedBody(
  context: RequestContext,
  bodies: OwnedBodies,
  endpoint: Endpoint,
  request: Request,
): Promise<Body | Refusal> {
  const refused = await checkCredentials(context, endpoint, request);
  if (refused) return refused;
  const check = await beginSignature(context, endpoint, request);
  if (check instanceof SignatureRefusal) return unsigned(endpoint, check);

  const source = incoming(request, check ? (bytes) => check.update(bytes) : undefined);
  const body = bodies.own(await receiveBody(context.env.BODIES, endpoint.workspace.id, source).catch(brokenOff));
  if (body === null || body === "too-large") {
    return new Refusal("body-incomplete", "The request body ended before its announced length.");
  }
  const wrong = check?.finish();
  return wrong ? unsigned(endpoint, wrong) : body;
}

/** Checks that the secrets that a trigger names exist and have the form that its scheme requires (ND16). */
export async function checkTriggerSecrets(
  store: Lookup,
  { id }: Workspace,
  { auth, handshake }: TriggerInput,
): Promise<FieldError[]> {
  const named = authSecrets(auth);
  if (handshake && "secret" in handshake) named.push({ field: "handshake.secret", name: handshake.secret });
  const found = await Promise.all(
    named.map(async ({ field, name, scheme }) => {
      const secret = await store.secrets.value(id, name);
      if (secret === null) return { field, message: noSecret(name) };
      const isUsable = !scheme || isSecretFor(scheme, secret);
      return isUsable ? null : { field, message: `the secret ${name} is not of the form whsec_ and base64` };
    }),
  );
  return found.filter((error) => error !== null);
}

interface NamedSecret {
  readonly field: string;
  readonly name: string;
  readonly scheme?: SignatureAuth;
}

function authSecrets(auth: TriggerInput["auth"]): NamedSecret[] {
  switch (auth.type) {
    case "none":
    case "apiKeys":
      return [];
    case "basic":
      return [{ field: "auth.passwordSecret", name: auth.passwordSecret }];
    case "signature": {
      const field = (index: number) => (typeof auth.secret === "string" ? "auth.secret" : `auth.secret[${index}]`);
      return [auth.secret].flat().map((name, index) => ({ field: field(index), name, scheme: auth }));
    }
    default:
      return unreachable(auth);
  }
}

async function checkApiKey(context: RequestContext, { workspace, trigger }: Endpoint, request: Request) {
  const key = request.headers.get("x-api-key");
  const path = recordId(workspace.id, trigger.name);
  const keys = await context.store.apiKeys.all(idsBelow(path));
  const hash = key === null ? "" : hashCredential(key);
  const used = keys.find((record) => sameText(record.hash, hash));
  if (!used) {
    return new Refusal("unauthenticated", "A valid API key is required in the header x-api-key.", {
      headers: { "www-authenticate": 'ApiKey realm="hookback"' },
    });
  }
  context.defer(recordKeyUse(context.env.CONFIG, recordId(path, used.id), Date.now()));
  return null;
}

async function checkPassword(
  { store }: RequestContext,
  endpoint: Endpoint,
  { username, passwordSecret }: BasicAuth,
  request: Request,
) {
  const password = await store.secrets.value(endpoint.workspace.id, passwordSecret);
  if (password === null) warn(endpoint, "basic", "secret-missing", null);
  else if (isBasic(request.headers.get("authorization"), username, password)) return null;
  return new Refusal("unauthenticated", "A valid user name and password are required.", {
    headers: { "www-authenticate": 'Basic realm="hookback", charset="UTF-8"' },
  });
}

/** The check of a signature, which goes on with the body; null for a trigger without signatures. */
async function beginSignature({ store }: RequestContext, { workspace, trigger }: Endpoint, { headers }: Request) {
  const { auth } = trigger;
  switch (auth.type) {
    case "none":
    case "apiKeys":
    case "basic":
      return null;
    case "signature": {
      const secrets = await Promise.all([auth.secret].flat().map((name) => store.secrets.value(workspace.id, name)));
      return beginVerification(auth, secrets, (name) => headers.get(name), Date.now());
    }
    default:
      return unreachable(auth);
  }
}

/** The failed rule is logged for the operator. The caller, who may be trying signatures out, does not see it. */
function unsigned(endpoint: Endpoint, { code, header }: SignatureRefusal): Refusal {
  const { auth } = endpoint.trigger;
  warn(endpoint, auth.type === "signature" ? auth.scheme : auth.type, code, header);
  return new Refusal("unauthenticated", "A valid signature is required.", {
    headers: { "www-authenticate": 'Signature realm="hookback"' },
  });
}

/** Logs a refused call. The entry names configuration and rules, and no value of the request. */
export function warn({ workspace, trigger }: Endpoint, scheme: string, code: string, header: string | null): void {
  console.warn({
    message: "a call was refused",
    code,
    scheme,
    workspace: workspace.name,
    trigger: trigger.name,
    ...(header !== null && { header }),
  });
}
