import { beforeAll, describe, expect, inject, it } from "vitest";
import { call, mint, showCallback } from "../../support/callbacks.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

async function refused(fields: object, headers: Record<string, string> = {}) {
  const body = { callbackActivity: { type: "record" }, responseType: "response", ...fields };
  const response = await workspace.admin.request("POST", `/workspaces/${workspace.name}/callbacks`, body, headers);
  const problem = (await response.json()) as { errors?: { field: string }[] };
  return [response.status, ...new Set((problem.errors ?? []).map(({ field }) => field))];
}

describe("creating a callback", () => {
  it("answers URL, state and case id, the state a UUID, unique each time (G1 G4 G6 G7 G41 GD2)", async () => {
    const minted = await Promise.all(Array.from({ length: 20 }, () => mint(workspace)));
    for (const { callbackUrl, callbackState, callbackCaseId, status } of minted) {
      expect(callbackState).toMatch(UUID);
      expect(callbackUrl).toBe(`${gateway.url}/cb/${callbackState}`);
      expect(callbackCaseId).toBe(callbackState);
      expect(status).toBe("open");
    }
    expect(new Set(minted.map(({ callbackState }) => callbackState)).size).toBe(20);
  });

  it("with a state parameter the URL has the cbq form, without a slash before the question mark (G8 G9 G14 GD9)", async () => {
    const { callbackUrl, callbackState } = await mint(workspace, { stateQueryParameter: "state" });
    expect(callbackUrl).toBe(`${gateway.url}/cbq/state?state=${callbackState}`);
  });

  it("an alternative domain begins the URL, its trailing slash dropped; the state works on any host (G10 G21 GD13)", async () => {
    const { callbackUrl, callbackState } = await mint(workspace, { alternativeDomain: "https://pay.example.com/" });
    expect(callbackUrl).toBe(`https://pay.example.com/cb/${callbackState}`);
    expect((await call(`${gateway.url}/cb/${callbackState}`)).status).toBe(200);
    for (const alternativeDomain of [
      "http://a.example",
      "pay.example.com",
      "https://a.example/?x",
      "https://a.example/#x",
      "https://",
    ]) {
      expect([alternativeDomain, await refused({ alternativeDomain })]).toEqual([
        alternativeDomain,
        [422, "alternativeDomain"],
      ]);
    }
  });

  it("shows all inputs with their defaults (G5 G12 G13 G15 G16 G22 G23 G26 G27 G28 G40 G42 GD1)", async () => {
    const shown = await showCallback(workspace, await mint(workspace));
    expect(shown).toMatchObject({
      callbackActivity: { type: "record" },
      callbackActivityCase: "",
      stateQueryParameter: "",
      retryableAfterError: false,
      allowMultipleCalls: false,
      alternativeDomain: "",
      responseType: "response",
      responseRedirectUrl: "",
      responseBody: "",
      responseCode: 200,
      responseHeaders: {},
      confirm: false,
      replay: "gone",
      status: "open",
      calls: [],
    });
    expect(shown).not.toHaveProperty("expiresInSeconds");
    const given = {
      callbackActivity: { type: "http", url: "https://handler.example/x", timeoutSeconds: 5 },
      callbackActivityCase: "1:142:432",
      responseType: "redirect",
      responseRedirectUrl: "/case/1:142:432",
      retryableAfterError: true,
      allowMultipleCalls: true,
      expiresInSeconds: 60,
    };
    expect(await showCallback(workspace, await mint(workspace, given))).toMatchObject(given);
  });

  it("refuses unusable settings with 422 and the name of the field (GD16 GD4)", async () => {
    const cases: [object, string][] = [
      [{ responseType: undefined }, "responseType"],
      [{ responseType: "page" }, "responseType"],
      [{ callbackActivity: undefined }, "callbackActivity"],
      [{ callbackActivity: { type: "form" } }, "callbackActivity.type"],
      [{ callbackActivity: { type: "http" } }, "callbackActivity.url"],
      [{ callbackActivity: { type: "http", url: "ftp://x.example" } }, "callbackActivity.url"],
      [{ callbackActivity: { type: "http", url: "https://u:p@x.example" } }, "callbackActivity.url"],
      [{ callbackActivity: { type: "flow", flow: "none" } }, "callbackActivity.flow"],
      [
        { callbackActivity: { type: "http", url: "https://x.example", signingSecret: "none" } },
        "callbackActivity.signingSecret",
      ],
      [{ responseType: "redirect" }, "responseRedirectUrl"],
      [{ responseType: "redirect", responseRedirectUrl: "javascript:alert(1)" }, "responseRedirectUrl"],
      [{ responseType: "redirect", responseRedirectUrl: "//evil.example" }, "responseRedirectUrl"],
      [{ responseType: "redirect", responseRedirectUrl: "/\\evil.example" }, "responseRedirectUrl"],
      [{ responseType: "redirect", responseRedirectUrl: "data:text/html,x" }, "responseRedirectUrl"],
      [{ responseType: "redirect", responseRedirectUrl: "/a\r\nset-cookie: x=1" }, "responseRedirectUrl"],
      [{ responseCode: 199 }, "responseCode"],
      [{ responseCode: 600 }, "responseCode"],
      [{ responseCode: "200" }, "responseCode"],
      [{ responseCode: 200.5 }, "responseCode"],
      [{ config: "none" }, "config"],
      [{ stateQueryParameter: "a b" }, "stateQueryParameter"],
      [{ stateQueryParameter: "x".repeat(65) }, "stateQueryParameter"],
      [{ expiresInSeconds: 0 }, "expiresInSeconds"],
      [{ expiresInSeconds: 31_536_001 }, "expiresInSeconds"],
      [{ unknownField: 1 }, "unknownField"],
      [{ responseBody: 5 }, "responseBody"],
    ];
    for (const [fields, field] of cases) expect([fields, await refused(fields)]).toEqual([fields, [422, field]]);
    const framing = [
      "content-length",
      "Content-Encoding",
      "transfer-encoding",
      "connection",
      "keep-alive",
      "te",
      "trailer",
      "upgrade",
      "proxy-authenticate",
    ];
    for (const name of [...framing, "bad name", "", "ü"]) {
      expect([name, (await refused({ responseHeaders: { [name]: "x" } }))[0]]).toEqual([name, 422]);
    }
    for (const value of ["a\r\nb: c", "a\u0000b", "\u0007"]) {
      expect([value, await refused({ responseHeaders: { "x-a": value } })]).toEqual([
        value,
        [422, "responseHeaders.x-a"],
      ]);
    }
  });

  it("a redirect without URL may be created where an HTTP handler can still set it (GD16)", async () => {
    const handler = { type: "http", url: "https://handler.example/" };
    expect(await mint(workspace, { callbackActivity: handler, responseType: "redirect" })).toMatchObject({
      status: "open",
    });
  });

  it("a stored configuration supplies defaults, and the fields of the request win (G2 GD15)", async () => {
    const stored = {
      callbackActivity: { type: "record" },
      responseType: "response",
      responseBody: "stored",
      responseCode: 201,
    };
    await workspace.put("/callback-configs/payment", stored);
    expect(await workspace.get("/callback-configs/payment")).toEqual({ name: "payment", ...stored });
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      config: "payment",
      responseBody: "own",
    });
    const response = await call(callbackUrl);
    expect([response.status, await response.text()]).toEqual([201, "own"]);
    const partial = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/callback-configs/part`, {
      responseCode: 99,
    });
    expect(partial.status).toBe(422);
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/callback-configs/payment`);
    expect(await refused({ config: "payment" })).toEqual([422, "config"]);
  });

  it("lists, newest first, and closes by case id for good (G20 G41)", async () => {
    const own = await newWorkspace(gateway);
    const minted = [];
    for (let n = 0; n < 5; n++) minted.push(await mint(own, { callbackActivityCase: String(n) }));
    const first = await own.get<{ items: { callbackState: string }[]; nextCursor: string }>("/callbacks?limit=3");
    const rest = await own.get<typeof first>(`/callbacks?limit=3&cursor=${encodeURIComponent(first.nextCursor)}`);
    const states = [...first.items, ...rest.items].map(({ callbackState }) => callbackState);
    expect(states).toEqual(minted.map(({ callbackState }) => callbackState).toReversed());
    const path = `/workspaces/${own.name}/callbacks/${minted[0]?.callbackCaseId}`;
    expect((await own.admin.request("DELETE", path)).status).toBe(204);
    expect((await own.admin.request("DELETE", path)).status).toBe(204);
    expect((await call(minted[0]?.callbackUrl ?? "")).status).toBe(410);
    expect(await own.get(`/callbacks/${minted[0]?.callbackState}`)).toMatchObject({ status: "closed" });
    expect(
      (await workspace.admin.request("GET", `/workspaces/${workspace.name}/callbacks/${minted[0]?.callbackState}`))
        .status,
    ).toBe(404);
  });

  it("needs callbacks.write to create and callbacks.read to look; calling needs nothing but the URL (G3 G11)", async () => {
    const issue = (permissions: string[]) =>
      workspace.admin.call<{ token: string }>("POST", "/tokens", {
        label: "app",
        permissions,
        workspace: workspace.name,
      });
    const reader = workspace.admin.as((await issue(["callbacks.read"])).token);
    const path = `/workspaces/${workspace.name}/callbacks`;
    const body = { callbackActivity: { type: "record" }, responseType: "response" };
    expect((await reader.request("POST", path, body)).status).toBe(403);
    expect((await reader.request("GET", path)).status).toBe(200);
    expect((await call((await mint(workspace)).callbackUrl)).status).toBe(200);
  });
});
