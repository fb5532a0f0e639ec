import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { sendRaw } from "../support/hostile/raw.ts";
import { problemOf } from "../support/problem.ts";
import { startTarget } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
const partner = await startTarget(({ path }) => {
  if (path !== "/handler") return { body: "fine" };
  return { body: JSON.stringify({ responseHeaders: { "x-a": "b\r\nx-injected: 1" } }) };
});
let workspace: Workspace;

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  await workspace.endpoint("in", []);
});
afterAll(() => partner[Symbol.asyncDispose]());

/** What looks like a name, like another name, or like a way out. */
const NAMES = [
  ...[
    "",
    " ",
    ".",
    "..",
    "in ",
    " in",
    "in\u200b",
    "in\u0000",
    "in\n",
    "i\u0578",
    "ｉｎ",
    "ｉn",
    "in\u0301",
    "ⅰn",
    "in\u202e",
    "𝐢𝐧",
  ],
  ...["../in", "in/../in", "in%2f", "in:in", "*", "in*", "in?", "in#", "-in", "_in", "in\\", "'in'", '"in"', "{{in}}"],
  ...["é", "name\u2028", "\ud83d\ude00", "\ufeffin", "x".repeat(65), "x".repeat(5_000), "%", "%zz", "in;a=b", "<in>"],
];
/** Others are never sent: they mean another path. */
const isSegment = (name: string) => !["", ".", ".."].includes(name);
const RESERVED = ["cb", "cbq", "adapter", "api", "console", "healthz"];

describe("hostile names", () => {
  it("are refused wherever something is given a name, and nothing comes of it (ND16)", async () => {
    const before = await workspace.get("/config");
    for (const name of NAMES.filter(isSegment)) {
      const encoded = encodeURIComponent(name.toWellFormed());
      for (const [path, body] of [
        ["flows", { steps: [] }],
        ["triggers", { flow: "in" }],
        ["callback-configs", {}],
        ["secrets", { value: "x" }],
      ] as const) {
        const response = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/${path}/${encoded}`, body);
        await response.body?.cancel();
        expect([path, name, response.status]).toEqual([path, name, expect.toBeOneOf([404, 405, 422])]);
      }
    }
    for (const name of NAMES) {
      const step = { steps: [{ name, type: "transform", template: "" }] };
      await problemOf(workspace.admin.request("PUT", `/workspaces/${workspace.name}/flows/f`, step), 422);
    }
    expect(await workspace.get("/config")).toEqual(before);
  });

  it("no workspace takes the place of the gateway's own paths, however they are written (ND1)", async () => {
    for (const name of [
      ...RESERVED,
      ...RESERVED.map((one) => one.toUpperCase()),
      "ａｐｉ",
      "api%20",
      "ａpi",
      "x".repeat(40),
    ]) {
      const response = await workspace.admin.request("PUT", `/workspaces/${encodeURIComponent(name)}`, {});
      await problemOf(response, 422);
    }
  });

  it("names that only look the same reach nothing (ND1 ND3)", async () => {
    for (const name of [...NAMES, "IN", "In"].filter(isSegment)) {
      const { status } = await fetch(`${gateway.url}/${workspace.name}/${encodeURIComponent(name.toWellFormed())}`, {
        method: "POST",
      });
      expect([name, status]).toEqual([name, 404]);
    }
    expect(await workspace.executions()).toEqual([]);
  });
});

describe("hostile headers", () => {
  const INJECTIONS = [
    "a\r\nx-injected: 1",
    "a\nx-injected: 1",
    "a\rx-injected: 1",
    "a\u0000b",
    "a\r\n\r\nGET / HTTP/1.1\r\n",
  ];

  it("a message with line breaks makes no header of a step's request: the step fails, and nothing is sent (LD15)", async () => {
    const step = { name: "send", type: "http", url: `${partner.url}/header`, headers: { "x-a": "{{ message }}" } };
    const url = await workspace.endpoint("header", [step]);
    for (const body of INJECTIONS) {
      const response = await fetch(url, { method: "POST", body });
      const ended = await workspace.settled(response.headers.get("hookback-execution-id") ?? "");
      expect(ended).toMatchObject({ status: "failed", failure: "error" });
    }
    expect(partner.received.filter(({ path }) => path === "/header")).toEqual([]);
  });

  it("a message with line breaks stays within the URL that it is put into", async () => {
    const url = await workspace.endpoint("path", [
      { name: "send", type: "http", url: `${partner.url}/path/{{ message }}` },
    ]);
    for (const body of [...INJECTIONS, " HTTP/1.1\r\nHost: evil\r\n", "../../../etc/passwd", "?a=b#c"]) {
      const response = await fetch(url, { method: "POST", body });
      await workspace.settled(response.headers.get("hookback-execution-id") ?? "");
    }
    const received = partner.received.filter(({ path }) => path !== "/handler");
    expect(received.length).toBeGreaterThan(0);
    for (const { headers } of received) {
      expect(headers["x-injected"]).toBeUndefined();
      expect(headers.host).toBe(new URL(partner.url).host);
    }
  });

  it("an answer takes no line break from its configuration, its handler or its redirect (GD4 GD16)", async () => {
    const path = `/workspaces/${workspace.name}/callbacks`;
    const fields = { callbackActivity: { type: "record" }, responseType: "response" };
    for (const value of INJECTIONS) {
      await problemOf(workspace.admin.request("POST", path, { ...fields, responseHeaders: { "x-a": value } }), 422);
      await problemOf(workspace.admin.request("POST", path, { ...fields, responseHeaders: { [value]: "a" } }), 422);
      await problemOf(
        workspace.admin.request("POST", path, {
          ...fields,
          responseType: "redirect",
          responseRedirectUrl: `/${value}`,
        }),
        422,
      );
    }
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      ...fields,
      callbackActivity: { type: "http", url: `${partner.url}/handler` },
    });
    const answer = await fetch(callbackUrl);
    expect([answer.status, answer.headers.get("x-injected")]).toEqual([502, null]);
  });

  it("an answer does not speak for the whole origin, which other tenants share", async () => {
    const fields = { callbackActivity: { type: "record" }, responseType: "response" };
    for (const name of [
      "NEL",
      "Report-To",
      "Reporting-Endpoints",
      "Clear-Site-Data",
      "Alt-Svc",
      "Strict-Transport-Security",
      "Set-Cookie",
      "set-cookie2",
    ]) {
      const path = `/workspaces/${workspace.name}/callbacks`;
      await problemOf(workspace.admin.request("POST", path, { ...fields, responseHeaders: { [name]: "x" } }), 422);
    }
  });

  it("an answer sets no cookie, which every callback of the origin would get: neither configured nor by its handler (GD4)", async () => {
    const cookies = [
      "a=b",
      "a=b; Path=/cbq/state",
      "CF_Authorization=x; Path=/; Domain=127.0.0.1",
      "__Host-a=b; Secure; Path=/",
    ];
    const path = `/workspaces/${workspace.name}`;
    for (const cookie of cookies) {
      const responseHeaders = { "sEt-CoOkIe": cookie };
      const stored = workspace.admin.request("PUT", `${path}/callback-configs/cookie`, { responseHeaders });
      expect((await problemOf(stored, 422)).errors).toEqual([
        { field: "responseHeaders.sEt-CoOkIe", message: "applies to the whole origin and cannot be set" },
      ]);
    }
    await using handler = await startTarget(() => ({
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ responseHeaders: { "Set-Cookie": cookies[0] } }),
    }));
    const { callbackUrl, callbackState } = await workspace.post<Record<string, string>>("/callbacks", {
      callbackActivity: { type: "http", url: handler.url },
      responseType: "response",
    });
    const answer = await fetch(callbackUrl ?? "");
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([502, null]);
    const { calls } = await workspace.client.callbacks.get(callbackState ?? "");
    expect(calls[0]?.note).toContain('"Set-Cookie" applies to the whole origin');
  });

  it("very long and very many headers are taken or refused with 4xx, and never an error of the gateway", async () => {
    const { host, pathname } = new URL(`${gateway.url}/${workspace.name}/in`);
    const headers: [string, string][] = [
      ...[
        "content-type",
        "prefer",
        "idempotency-key",
        "authorization",
        "cookie",
        "x-api-key",
        "traceparent",
        "hookback-hops",
      ].flatMap((name): [string, string][] => [
        [name, "x".repeat(10_000)],
        [name, "\xff".repeat(1_000)],
        [name, ",".repeat(5_000)],
      ]),
    ];
    for (const [name, value] of headers) {
      const bytes = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${name}: ${value}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      const { status } = await sendRaw(gateway.url, bytes);
      expect([name, value.slice(0, 3), status < 500 && status > 0]).toEqual([name, value.slice(0, 3), true]);
    }
  });

  it("a message of any content type is shown as it came, to no browser as a page of the gateway", async () => {
    const url = await workspace.endpoint("page", []);
    const type = "text/html; charset=utf-8";
    const sent = await fetch(url, {
      method: "POST",
      body: "<script>alert(1)</script>",
      headers: { "content-type": type },
    });
    const id = sent.headers.get("hookback-execution-id");
    await workspace.settled(id ?? "");
    const polled = await fetch(sent.headers.get("location") ?? "");
    const shown = await workspace.admin.request("GET", `/workspaces/${workspace.name}/executions/${id}/message`);
    for (const { headers } of [polled, shown]) {
      expect(headers.get("content-type")).toBe(type);
      expect(headers.get("content-security-policy")).toContain("sandbox");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});
