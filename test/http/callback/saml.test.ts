import { randomBytes } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
/** The assertion consumer URL that the identity provider was given in advance. */
const consumerUrl = `${gateway.url}/cbq/RelayState`;

/** What an identity provider's page submits (SAML 2.0 bindings, 3.5): the response first, the relay state after it. */
const postResponse = (samlResponse: string, relayState: string | null, url = consumerUrl) => {
  const body = new URLSearchParams({ SAMLResponse: samlResponse });
  if (relayState !== null) body.set("RelayState", relayState);
  return fetch(url, { method: "POST", body, redirect: "manual" });
};

const mint = (workspace: Workspace, settings: object) =>
  workspace.post<{ callbackState: string; callbackUrl: string }>("/callbacks", {
    stateQueryParameter: "RelayState",
    responseType: "redirect",
    ...settings,
  });

describe("a SAML response by POST", () => {
  it("the relay state in the form finds the callback, and the user goes to the case (G8 G9 G24 GD7 GD8 GD10)", async () => {
    const workspace = await newWorkspace(gateway, { platformUrl: "https://box.example.com" });
    const { callbackState, callbackUrl } = await mint(workspace, {
      callbackActivity: { type: "record" },
      responseRedirectUrl: "/case/1:142:432",
    });
    expect(callbackUrl).toBe(`${consumerUrl}?RelayState=${callbackState}`);
    const samlResponse = Buffer.from("<samlp:Response/>").toString("base64");
    expect((await postResponse(samlResponse, null)).status).toBe(400);
    expect((await postResponse(samlResponse, callbackState, `${gateway.url}/cbq/relaystate`)).status).toBe(400);
    expect((await postResponse(samlResponse, "nonsense")).status).toBe(404);
    expect((await postResponse(callbackState, null, `${gateway.url}/cbq/SAMLResponse`)).status).toBe(404);
    const response = await postResponse(samlResponse, callbackState);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("https://box.example.com/case/1:142:432");
    expect((await postResponse(samlResponse, callbackState)).status).toBe(410);
    const { status, calls } = await workspace.get<{ status: string; calls: object[] }>(`/callbacks/${callbackState}`);
    expect(status).toBe("closed");
    expect(calls).toMatchObject([{ method: "post", outcome: "redirected", responseCode: 303 }]);
  });

  it("a response of 100 KB before the relay state reaches the handler whole (G32 G33 GD10 GD11)", async () => {
    await using handler = await startTarget();
    const workspace = await newWorkspace(gateway);
    const { callbackState } = await mint(workspace, {
      callbackActivity: { type: "http", url: handler.url },
      responseRedirectUrl: "/page/thankyou",
    });
    const samlResponse = randomBytes(75_000).toString("base64");
    const response = await postResponse(samlResponse, callbackState, `${consumerUrl}/`);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`${gateway.url}/page/thankyou`);
    const call = JSON.parse(handler.received[0]?.body.toString() ?? "");
    expect(call).toMatchObject({ requestMethod: "post", requestQuery: {}, callbackSystemCase: callbackState });
    expect(call.requestHeaders["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    const form = new URLSearchParams(call.requestBody);
    expect([...form.keys()]).toEqual(["SAMLResponse", "RelayState"]);
    expect(form.get("SAMLResponse")).toBe(samlResponse);
  });

  it("the state in the query goes before one in the form, and a form in another type is none (GD10)", async () => {
    const workspace = await newWorkspace(gateway);
    const settings = { callbackActivity: { type: "record" }, responseRedirectUrl: "/page/thankyou" };
    const [first, second] = await Promise.all([mint(workspace, settings), mint(workspace, settings)]);
    expect((await postResponse("", second.callbackState, first.callbackUrl)).status).toBe(303);
    expect((await postResponse("", first.callbackState)).status).toBe(410);
    const headers = { "content-type": "text/plain" };
    const body = `RelayState=${second.callbackState}`;
    expect((await fetch(consumerUrl, { method: "POST", headers, body })).status).toBe(400);
    expect((await postResponse("", second.callbackState)).status).toBe(303);
  });
});
