import * as oauth from "openid-client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "../support/browser/identity-provider.ts";
import { startBrowser } from "../support/browser.ts";
import { type Reply, startTarget, type Target } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
/** Registered with the provider long before there is any callback. */
const redirectUri = `${gateway.url}/cbq/state`;

interface HandlerCall {
  readonly requestMethod: string;
  readonly requestQuery: Record<string, string>;
  readonly requestHeaders: Record<string, string>;
  readonly requestBody: string;
  readonly callbackSystemCase: string;
}

let browser: Browser;
let provider: IdentityProvider;
let config: oauth.Configuration;
let workspace: Workspace;

beforeAll(async () => {
  // The provider warns at length that it is no production set-up.
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  [browser, provider] = await Promise.all([startBrowser(), startIdentityProvider(redirectUri)]);
  workspace = await newWorkspace(gateway);
  config = await oauth.discovery(provider.issuer, provider.clientId, provider.clientSecret, undefined, {
    execute: [oauth.allowInsecureRequests],
  });
});

afterAll(async () => {
  await browser?.close();
  await provider?.[Symbol.asyncDispose]();
  vi.restoreAllMocks();
});

/** What the browser brought back, as the client library wants to see it. */
function answerOf({ requestMethod, requestQuery, requestHeaders, requestBody }: HandlerCall): URL | Request {
  if (requestMethod === "get") return new URL(`${redirectUri}?${new URLSearchParams(requestQuery)}`);
  const headers = { "content-type": requestHeaders["content-type"] ?? "" };
  return new Request(redirectUri, { method: requestMethod, headers, body: requestBody });
}

/** An application whose callback handler exchanges the code and sends the user on to a page of its own. */
async function startApplication(pkceCodeVerifier: string): Promise<Target> {
  const exchange = async (call: HandlerCall): Promise<Reply> => {
    try {
      const checks = { pkceCodeVerifier, expectedState: call.callbackSystemCase };
      const tokens = await oauth.authorizationCodeGrant(config, answerOf(call), checks);
      return { body: JSON.stringify({ responseRedirectUrl: `${application.url}/welcome?${tokens.claims()?.sub}` }) };
    } catch (error) {
      return { status: 400, body: JSON.stringify({ message: `No login: ${(error as { error?: string }).error}` }) };
    }
  };
  const application = await startTarget(({ path, body }) => {
    if (path === "/handler") return exchange(JSON.parse(body.toString()));
    const [, user] = path.split("?");
    return { headers: { "content-type": "text/html" }, body: `<!doctype html><h1>Welcome, ${user}</h1>` };
  });
  return application;
}

const handlerCalls = ({ received }: Target): HandlerCall[] =>
  received.filter(({ path }) => path === "/handler").map(({ body }) => JSON.parse(body.toString()));

/** Mints the callback of one login and the URL that begins it. */
async function beginLogin(application: Target, verifier: string, { parameters = {}, settings = {} } = {}) {
  const callback = await workspace.post<{ callbackState: string; callbackUrl: string }>("/callbacks", {
    callbackActivity: { type: "http", url: `${application.url}/handler` },
    stateQueryParameter: "state",
    responseType: "redirect",
    ...settings,
  });
  expect(callback.callbackUrl).toBe(`${redirectUri}?state=${callback.callbackState}`);
  const loginUrl = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid",
    state: callback.callbackState,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...parameters,
  });
  return { loginUrl: loginUrl.href, ...callback };
}

async function logIn(page: Page, user: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(user);
  await page.getByPlaceholder("and password").fill("secret");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: `Welcome, ${user}` }).waitFor();
}

/** A page of a fresh profile, and what the gateway answered it. */
async function openPage() {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const answers: { url: string; method: string; status: number }[] = [];
  page.on("response", (response) => {
    const url = response.url();
    if (url.startsWith(gateway.url))
      answers.push({ url, method: response.request().method(), status: response.status() });
  });
  return { page, answers, [Symbol.asyncDispose]: () => context.close() };
}

describe("an OAuth login whose redirect URI is registered in advance", () => {
  it("the code comes in the query, and the browser ends where the handler says (G8 G9 G11 G23 G30 G36 GD7)", async () => {
    const verifier = oauth.randomPKCECodeVerifier();
    await using application = await startApplication(verifier);
    const { loginUrl, callbackState } = await beginLogin(application, verifier);
    await using session = await openPage();
    const { page, answers } = session;
    await page.goto(loginUrl);
    await logIn(page, "alice");
    expect(page.url()).toBe(`${application.url}/welcome?alice`);
    expect(answers).toMatchObject([{ method: "GET", status: 302 }]);
    const [call, ...more] = handlerCalls(application);
    expect(more).toEqual([]);
    expect(call).toMatchObject({ requestMethod: "get", requestBody: "", callbackSystemCase: callbackState });
    expect(call?.requestQuery).toMatchObject({ state: callbackState, code: expect.any(String) });
    const again = await page.goto(answers[0]?.url ?? "");
    expect(again?.status()).toBe(410);
    expect(handlerCalls(application)).toHaveLength(1);
  });

  it("with response_mode=form_post the state is found in the form (G9 G33 GD7 GD10 GD11)", async () => {
    const verifier = oauth.randomPKCECodeVerifier();
    await using application = await startApplication(verifier);
    const parameters = { response_mode: "form_post" };
    const { loginUrl, callbackState } = await beginLogin(application, verifier, { parameters });
    await using session = await openPage();
    const { page, answers } = session;
    await page.goto(loginUrl);
    await logIn(page, "bob");
    expect(page.url()).toBe(`${application.url}/welcome?bob`);
    expect(answers).toEqual([{ url: redirectUri, method: "POST", status: 303 }]);
    const [call] = handlerCalls(application);
    expect(call).toMatchObject({ requestMethod: "post", requestQuery: {}, callbackSystemCase: callbackState });
    expect(call?.requestHeaders["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(call?.requestBody);
    expect(form.get("state")).toBe(callbackState);
    expect((await fetch(redirectUri, { method: "POST", body: form, redirect: "manual" })).status).toBe(410);
    expect(handlerCalls(application)).toHaveLength(1);
  });

  it("a retryable one survives a forged code and a cancelled login, then closes with the login (G15 G17 GD4 GD5)", async () => {
    const verifier = oauth.randomPKCECodeVerifier();
    await using application = await startApplication(verifier);
    const settings = { retryableAfterError: true };
    const { loginUrl, callbackUrl } = await beginLogin(application, verifier, { settings });
    const forged = await fetch(`${callbackUrl}&code=forged&iss=${encodeURIComponent(provider.issuer.origin)}`);
    expect([forged.status, await forged.text()]).toEqual([400, expect.stringContaining("No login: invalid_grant")]);
    await using session = await openPage();
    const { page, answers } = session;
    await page.goto(loginUrl);
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByText("No login: access_denied").waitFor();
    await page.goto(loginUrl);
    await logIn(page, "carol");
    expect(answers.map(({ status }) => status)).toEqual([400, 302]);
    expect((await fetch(callbackUrl)).status).toBe(410);
    expect(handlerCalls(application)).toHaveLength(3);
  });
});
