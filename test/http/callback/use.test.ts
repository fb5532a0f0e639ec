import { beforeAll, describe, expect, inject, it } from "vitest";
import { call, mint, showCallback } from "../../support/callbacks.ts";
import { eventually, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const handlerAt = (url: string, more: object = {}) => ({ callbackActivity: { type: "http", url, ...more } });

describe("calling a callback", () => {
  it("the handler is told exactly the ten names (G29 G32 G33 G34 G35 G36 G37 G38 G39 GD3 GD11 GD18)", async () => {
    await using target = await startTarget();
    const { callbackUrl, callbackState } = await mint(workspace, {
      ...handlerAt(`${target.url}/handler`),
      callbackActivityCase: "1:142:432",
      allowMultipleCalls: true,
    });
    const bytes = new Uint8Array(Buffer.from("grüße", "latin1"));
    await call(`${callbackUrl}/?id=5&status=no&from=afas&status=ok`, {
      method: "PUT",
      body: bytes,
      headers: { "content-type": "text/plain; charset=iso-8859-1", "X-Own": "1" },
    });
    const [request] = target.received;
    expect(request).toMatchObject({ method: "POST", path: "/handler" });
    expect(request?.headers).toMatchObject({
      "content-type": "application/json",
      "hookback-activity-case": "1:142:432",
    });
    expect(JSON.parse(request?.body.toString() ?? "")).toEqual({
      requestBody: "grüße",
      requestHeaders: expect.objectContaining({ "x-own": "1", "content-type": "text/plain; charset=iso-8859-1" }),
      requestMethod: "put",
      requestQuery: { id: "5", status: "ok", from: "afas" },
      callbackSystemCase: callbackState,
      responseType: "response",
      responseBody: "",
      responseCode: 200,
      responseHeaders: {},
      responseRedirectUrl: "",
    });
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      await call(callbackUrl, { method });
      const told = JSON.parse(target.received.at(-1)?.body.toString() ?? "");
      expect([told.requestMethod, told.requestBody]).toEqual([method.toLowerCase(), ""]);
    }
  });

  it("answers with configured code, headers and body of any format (G31 G26 G27 G28)", async () => {
    const bodies = {
      "application/xml": "<a>ü</a>",
      "application/json": '{"a": 1}',
      "text/csv": "a;b\n1;2",
      "text/plain": "",
    };
    for (const [type, responseBody] of Object.entries(bodies)) {
      const responseHeaders = { "content-type": type, "x-custom-field": "  custom-value " };
      const { callbackUrl } = await mint(workspace, { responseBody, responseCode: 418, responseHeaders });
      const response = await call(callbackUrl, { method: "POST", body: "data" });
      expect([response.status, response.headers.get("content-type")]).toEqual([418, type]);
      expect(response.headers.get("x-custom-field")).toBe("custom-value");
      expect(await response.text()).toBe(responseBody);
    }
    for (const responseCode of [204, 205, 304]) {
      const response = await call((await mint(workspace, { responseCode, responseBody: "dropped" })).callbackUrl);
      expect([response.status, await response.text()]).toEqual([responseCode, ""]);
    }
  });

  it("each override replaces its whole field; null, other members and non-objects override nothing (G30 G37 GD4)", async () => {
    const replies: [string, object][] = [
      ['{"responseBody": "over", "responseCode": 201}', { status: 201, body: "over", own: "1" }],
      ['{"responseHeaders": {"x-new": "2"}}', { status: 202, body: "configured", own: null }],
      ['{"responseBody": null, "other": 1}', { status: 202, body: "configured", own: "1" }],
      ["[1, 2]", { status: 202, body: "configured", own: "1" }],
      ["not json", { status: 202, body: "configured", own: "1" }],
      ["", { status: 202, body: "configured", own: "1" }],
    ];
    await using target = await startTarget(() => ({ body: replies[target.received.length - 1]?.[0] ?? "" }));
    const settings = { responseBody: "configured", responseCode: 202, responseHeaders: { "x-own": "1" } };
    for (const [, expected] of replies) {
      const response = await call((await mint(workspace, { ...handlerAt(target.url), ...settings })).callbackUrl);
      const seen = { status: response.status, body: await response.text(), own: response.headers.get("x-own") };
      expect(seen).toEqual(expected);
    }
  });

  it("redirects 302 after GET and 303 after others, relative targets against platformUrl (G24 G25 GD7 GD8)", async () => {
    const targets = {
      "/case/1:142:432": `${gateway.url}/case/1:142:432`,
      "/page/thankyou": `${gateway.url}/page/thankyou`,
      "https://www.nu.nl": "https://www.nu.nl",
      "https://my.grexx.today/case/1:5412:231": "https://my.grexx.today/case/1:5412:231",
      "http://example.com/a?b=c#d": "http://example.com/a?b=c#d",
    };
    const redirect = (responseRedirectUrl: string) => ({
      responseType: "redirect",
      responseRedirectUrl,
      responseCode: 418,
    });
    for (const [target, location] of Object.entries(targets)) {
      for (const [method, status] of [
        ["GET", 302],
        ["POST", 303],
        ["DELETE", 303],
      ] as const) {
        const response = await call((await mint(workspace, redirect(target))).callbackUrl, { method });
        expect([response.status, response.headers.get("location")]).toEqual([status, location]);
      }
    }
    const other = await newWorkspace(gateway, { platformUrl: "https://box.example/app/" });
    const response = await call((await mint(other, redirect("/page/thankyou"))).callbackUrl);
    expect(response.headers.get("location")).toBe("https://box.example/page/thankyou");
  });

  it("a flow is started with the request as its message, and shows the call (GD3 GD11)", async () => {
    await workspace.put("/flows/noted", { steps: [] });
    const { callbackUrl, callbackState } = await mint(workspace, {
      callbackActivity: { type: "flow", flow: "noted" },
      responseBody: "thanks",
    });
    const headers = { "content-type": "application/json", authorization: "Bearer hidden-value" };
    const response = await call(`${callbackUrl}?id=5`, { method: "POST", body: '{"paid": true}', headers });
    expect([response.status, await response.text()]).toEqual([200, "thanks"]);
    const { id } = await eventually(async () => (await workspace.executions({ flow: "noted" }))[0]);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ flow: "noted", status: "succeeded" });
    expect(execution.call).toMatchObject({ callbackState, method: "post", query: { id: "5" } });
    expect(JSON.stringify(execution)).not.toContain("hidden-value");
    const message = await workspace.admin.request("GET", `/workspaces/${workspace.name}/executions/${id}/message`);
    expect(await message.text()).toBe('{"paid": true}');
  });

  it("a failure of the started flow is no error of the call (GD3)", async () => {
    await using target = await startTarget(() => ({ status: 400 }));
    await workspace.put("/flows/broken", { steps: [{ name: "erp", type: "http", url: target.url }] });
    const { callbackUrl } = await mint(workspace, { callbackActivity: { type: "flow", flow: "broken" } });
    expect((await call(callbackUrl, { method: "POST" })).status).toBe(200);
    const { id } = await eventually(async () => (await workspace.executions({ flow: "broken" }))[0]);
    expect(await workspace.settled(id)).toMatchObject({ status: "failed" });
  });

  it("what the handler does wrong is 502, what the caller did wrong is 400 with the handler's message (GD4 GD5)", async () => {
    await using target = await startTarget(({ path }) => {
      if (path === "/hang") return undefined;
      const [, status = "200", body = ""] = decodeURIComponent(path).split("|");
      return { status: Number(status), body, headers: status === "302" ? { location: "https://x.example/" } : {} };
    });
    const cases: [string, number, string?][] = [
      ['|404|{"message": "No such order"}', 400, "No such order"],
      ["|422|not json", 400],
      ["|500|", 502],
      ["|302|", 502],
      ['|200|{"responseType": "page"}', 502],
      ['|200|{"responseType": "redirect"}', 502],
      ['|200|{"responseType": "redirect", "responseRedirectUrl": "javascript:x"}', 502],
      ['|200|{"responseType": "redirect", "responseRedirectUrl": 5}', 502],
      ['|200|{"responseCode": 99}', 502],
      ['|200|{"responseCode": "201"}', 502],
      ['|200|{"responseBody": {}}', 502],
      ['|200|{"responseHeaders": {"content-length": "3"}}', 502],
      ['|200|{"responseHeaders": {"x-a": "b\\r\\nset-cookie: c=d"}}', 502],
      ['|200|{"responseHeaders": {"x-a": 5}}', 502],
      ['|200|{"responseHeaders": []}', 502],
    ];
    for (const [path, status, message] of cases) {
      const url = `${target.url}/${encodeURIComponent(path).replaceAll("%7C", "|")}`.replaceAll("|", "%7C");
      const { callbackUrl } = await mint(workspace, handlerAt(url));
      const response = await call(callbackUrl, { method: "POST", body: "x" });
      expect([path, response.status, response.headers.get("content-type")]).toEqual([
        path,
        status,
        "application/problem+json",
      ]);
      const { detail } = (await response.json()) as { detail: string };
      if (message) expect(detail).toBe(message);
    }
    const slow = await mint(workspace, handlerAt(`${target.url}/hang`, { timeoutSeconds: 0.2 }));
    expect((await call(slow.callbackUrl)).status).toBe(502);
    const nobody = await mint(workspace, handlerAt("http://127.0.0.1:9/"));
    expect((await call(nobody.callbackUrl)).status).toBe(502);
  });

  it("overrides of a failing handler are dropped, a configured 4xx is a successful call (GD4)", async () => {
    await using target = await startTarget(() => ({
      status: 500,
      body: '{"responseCode": 200, "responseBody": "over"}',
    }));
    expect((await call((await mint(workspace, handlerAt(target.url))).callbackUrl)).status).toBe(502);
    const minted = await mint(workspace, { responseCode: 404, retryableAfterError: true });
    expect((await call(minted.callbackUrl)).status).toBe(404);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "closed" });
  });

  it("finds the state in query or form, else 400; the wrong form of URL, name or state is 404 (GD10 GD17)", async () => {
    const multiple = { allowMultipleCalls: true };
    const plain = await mint(workspace, multiple);
    const named = await mint(workspace, { ...multiple, stateQueryParameter: "RelayState" });
    const state = named.callbackState;
    const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
    const calls: [string, RequestInit, number][] = [
      [`/cb/${plain.callbackState}`, {}, 200],
      [`/cb/${plain.callbackState}/`, {}, 200],
      [`/cb/${plain.callbackState.toUpperCase()}`, {}, 200],
      [`/cbq/RelayState?RelayState=${state}`, {}, 200],
      [`/cbq/RelayState/?RelayState=${state}`, {}, 200],
      [`/cbq/RelayState?RelayState=old&RelayState=${state}`, {}, 200],
      ["/cbq/RelayState", form({ SAMLResponse: "PHNhbWw+", RelayState: state }), 200],
      ["/cbq/RelayState/", form({ RelayState: state }), 200],
      ["/cbq/RelayState", {}, 400],
      ["/cbq/RelayState", form({ SAMLResponse: "x" }), 400],
      [
        "/cbq/RelayState",
        { method: "POST", body: `RelayState=${state}`, headers: { "content-type": "text/plain" } },
        400,
      ],
      [`/cbq/state?state=${state}`, {}, 404],
      [`/cbq/state?state=${plain.callbackState}`, {}, 404],
      [`/cb/${state}`, {}, 404],
      ["/cb/nonsense", {}, 404],
      [`/cb/${crypto.randomUUID()}`, {}, 404],
      [`/cbq/RelayState?RelayState=${crypto.randomUUID()}`, {}, 404],
      ["/cbq/%20?x=1", {}, 404],
    ];
    for (const [path, init, status] of calls) {
      expect([path, (await call(gateway.url + path, init)).status]).toEqual([path, status]);
    }
  });

  it("HEAD, OPTIONS and other methods answer 405 with Allow and consume nothing (GD12)", async () => {
    const minted = await mint(workspace);
    for (const method of ["HEAD", "OPTIONS", "PROPFIND"]) {
      const response = await call(minted.callbackUrl, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST, PUT, PATCH, DELETE"]);
    }
    expect((await call(minted.callbackUrl)).status).toBe(200);
  });

  it("an expired callback answers 410 (GD14)", async () => {
    const minted = await mint(workspace, { expiresInSeconds: 1 });
    await sleep(1_100);
    expect((await call(minted.callbackUrl)).status).toBe(410);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "expired", calls: [] });
  });

  it("keeps a bounded record of the calls, newest first, credentials hidden and large bodies apart", async () => {
    const minted = await mint(workspace, { allowMultipleCalls: true, responseCode: 202 });
    for (let n = 1; n <= 23; n++) {
      await call(`${minted.callbackUrl}?n=${n}`, {
        method: "POST",
        body: `body ${n}`,
        headers: { cookie: "secret=1" },
      });
    }
    const { calls } = await showCallback(workspace, minted);
    expect(calls.map(({ query }) => query.n)).toEqual(Array.from({ length: 20 }, (_, n) => String(23 - n)));
    expect(calls[0]).toMatchObject({ method: "post", body: "body 23", outcome: "answered", responseCode: 202 });
    expect(calls[0]?.headers.cookie).toBe("[hidden]");
    const large = "x".repeat(200_000);
    await call(minted.callbackUrl, { method: "POST", body: large });
    const shown = await showCallback(workspace, minted);
    expect(shown.calls[0]).toMatchObject({ body: null, bodySize: 200_000, number: 24 });
    const path = `/workspaces/${workspace.name}/callbacks/${minted.callbackState}/calls/24/body`;
    expect(await (await workspace.admin.request("GET", path)).text()).toBe(large);
  });
});
