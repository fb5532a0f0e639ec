/** A real OpenID provider on loopback with one client, whose login and consent pages take any name. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { listenOnLoopback } from "../../../tools/lib/loopback.ts";

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @param redirectUri the only one that the provider sends anybody to, registered in advance. */
export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const server = createServer();
  const listening = await listenOnLoopback(server);
  // Another host name than the gateway's, so that the browser crosses sites as it would on the Internet.
  const issuer = `http://localhost:${new URL(listening.url).port}`;
  const clientId = "shop";
  const clientSecret = randomBytes(24).toString("base64url");
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: [randomBytes(24).toString("base64url")] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  return {
    issuer: new URL(issuer),
    clientId,
    clientSecret,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
