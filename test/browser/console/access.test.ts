import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const AUDIENCE = "audience-of-the-application";
const EMAIL = "operator@example.com";

describe("the console behind Cloudflare Access", () => {
  let browser: Browser;
  let team: Target;
  let gateway: Gateway;
  let workspace: Workspace;
  let assertion: string;

  beforeAll(async () => {
    const keys = await generateKeyPair("RS256");
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "team-key", alg: "RS256", use: "sig" }] };
    team = await startTarget(({ path }) =>
      path === "/cdn-cgi/access/certs" ? { body: JSON.stringify(jwks) } : { status: 404 },
    );
    gateway = await startGateway({
      ACCESS_TEAM_DOMAIN: team.url,
      ACCESS_AUDIENCE: AUDIENCE,
      ACCESS_PERMISSIONS: "config.read, executions.read",
    });
    assertion = await new SignJWT({ email: EMAIL })
      .setProtectedHeader({ alg: "RS256", kid: "team-key" })
      .setIssuer(team.url)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(keys.privateKey);
    [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    await team?.[Symbol.asyncDispose]();
  });

  it("whom Access has let through is signed in without a token, with what Access may, and signs out of Access", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await page.setExtraHTTPHeaders({ "cf-access-jwt-assertion": assertion });
    await console.open("/");
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(page.url()).toContain(`/console/${workspace.name}`);
    await page.getByText(EMAIL).waitFor();
    await page.getByText("through Cloudflare Access").waitFor();
    expect(await page.evaluate("sessionStorage.getItem('hookback.session')")).toBeNull();
    expect(await page.getByRole("link", { name: "Callbacks", exact: true }).count()).toBe(0);
    await console.expectAccessible();
    await page.getByRole("link", { name: "Secrets" }).click();
    await page.getByText("that takes the permission config.write").waitFor();
    expect(await page.getByRole("button", { name: "Add secret" }).count()).toBe(0);
    expect(console.complaints).toEqual([]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/cdn-cgi/access/logout");
  });

  it("without an assertion it asks for a token; when one ends, it says so", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open(`/${workspace.name}/executions`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.setExtraHTTPHeaders({ "cf-access-jwt-assertion": assertion });
    await page.reload();
    await page.getByText("No executions yet").waitFor();
    await page.setExtraHTTPHeaders({});
    await page.getByText("Your session has ended").waitFor();
    expect(console.complaints).toEqual([]);
  });
});
