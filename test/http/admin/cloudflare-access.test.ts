import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { startTarget, type Target } from "../../support/target.ts";

const AUDIENCE = "audience-of-the-application";
const EMAIL = "operator@example.com";

describe("Cloudflare Access in front of the gateway", () => {
  let team: Target;
  let gateway: Gateway;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    keys = await generateKeyPair("RS256");
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "team-key", alg: "RS256", use: "sig" }] };
    team = await startTarget(({ path }) =>
      path === "/cdn-cgi/access/certs" ? { body: JSON.stringify(jwks) } : { status: 404 },
    );
    gateway = await startGateway({
      ACCESS_TEAM_DOMAIN: team.url,
      ACCESS_AUDIENCE: AUDIENCE,
      ACCESS_PERMISSIONS: "config.read, config.write",
    });
  });

  afterAll(async () => {
    await gateway?.stop();
    await team?.[Symbol.asyncDispose]();
  });

  const assertion = (claims: Record<string, unknown> = {}, key = keys.privateKey, expires = "1m") =>
    new SignJWT({ email: EMAIL, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "team-key" })
      .setIssuer(String(claims.iss ?? team.url))
      .setAudience(String(claims.aud ?? AUDIENCE))
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(key);

  const call = async (method: string, path: string, headers: Record<string, string>) =>
    fetch(`${gateway.url}/api/v1${path}`, { method, headers, ...(method === "PUT" && { body: "{}" }) });

  it("an assertion of the team is a caller with the configured permissions, and no others", async () => {
    const headers = { "cf-access-jwt-assertion": await assertion() };
    const session = await call("GET", "/session", headers);
    expect(await session.json()).toEqual({ label: EMAIL, permissions: ["config.read", "config.write"] });
    expect((await call("GET", "/workspaces", headers)).status).toBe(200);
    expect((await call("GET", "/tokens", headers)).status).toBe(403);
  });

  it("an assertion of another key, issuer or application, an expired one and a text are none", async () => {
    const other = await generateKeyPair("RS256");
    for (const wrong of [
      await assertion({}, other.privateKey),
      await assertion({ iss: "https://other.cloudflareaccess.com" }),
      await assertion({ aud: "another" }),
      await assertion({}, keys.privateKey, "-1m"),
      "text",
      "",
    ]) {
      expect((await call("GET", "/session", { "cf-access-jwt-assertion": wrong })).status).toBe(401);
    }
    expect((await call("GET", "/session", {})).status).toBe(401);
  });

  it("a change is taken from a page of the gateway's own or from a program, never from another site's page", async () => {
    const headers = { "cf-access-jwt-assertion": await assertion() };
    const put = async (more: Record<string, string>) =>
      (await call("PUT", "/workspaces/acme", { ...headers, ...more })).status;
    expect(await put({ origin: "https://evil.example" })).toBe(401);
    expect(await put({ origin: "null" })).toBe(401);
    expect(await put({ "sec-fetch-site": "cross-site" })).toBe(401);
    expect(await put({ origin: gateway.url, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await put({})).toBe(200);
  });

  it("a token in the Authorization header counts before an assertion, and a wrong one is not made good by it", async () => {
    const headers = { "cf-access-jwt-assertion": await assertion() };
    expect((await call("GET", "/session", { ...headers, authorization: "Bearer wrong" })).status).toBe(401);
    const admin = await call("GET", "/session", { ...headers, authorization: `Bearer ${gateway.token}` });
    expect(await admin.json()).toMatchObject({ label: "ADMIN_TOKEN", permissions: ["admin"] });
  });
});
