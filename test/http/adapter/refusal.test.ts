import { describe, expect, inject, it } from "vitest";
import {
  adapterFlow,
  answerCall,
  callOf,
  logOf,
  messageOf,
  send,
  sign,
  startPartner,
  startWaiting,
} from "../../support/adapter.ts";
import { problemOf } from "../../support/problem.ts";
import type { Target } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const answer = (content: object | string, headers?: Record<string, string>, secret?: string) =>
  answerCall(gateway.url, content, headers, secret);

/** A waiting call to try things on, which still waits after them. */
async function refusing(attempt: (callback: string, partner: Target) => Promise<unknown>, more: object = {}) {
  await using partner = await startPartner();
  const { id, callback } = await startWaiting(workspace, partner, more);
  await attempt(callback, partner);
  const execution = await workspace.execution(id);
  expect(execution).toMatchObject({ status: "waiting", documentStatus: "Processing" });
  expect(execution.log).toHaveLength(2);
  expect((await answer({ callback, status: "success" })).status).toBe(200);
  await workspace.settled(id);
}

const cancel = (id: string) => workspace.admin.call("POST", `/workspaces/${workspace.name}/executions/${id}/cancel`);
/** A token that has expired, of an execution that is over for it. */
async function expiredCallback(partner: Target): Promise<string> {
  await workspace.settled(await send(await adapterFlow(workspace, partner.url, { token_ttl_seconds: 1 })));
  return callOf(partner.received[0]).callback;
}
const padded = (facts: object, size: number, isBehind = false) => {
  const text = JSON.stringify(facts).slice(1, -1);
  const payload = `"payload":"${"x".repeat(size)}"`;
  return isBehind ? `{${payload},${text}}` : `{${text},${payload}}`;
};

describe("a callback that is refused", () => {
  it("answers a bad token and a bad signature with the same 401, and the execution keeps waiting (CD3)", () =>
    refusing(async (callback) => {
      const said = { callback, status: "success" };
      const text = JSON.stringify(said);
      const other = JSON.stringify(said, null, 1);
      const own = sign(text);
      const header = (value: string) => ({ "x-chainio-signature": value });
      const attempts: [string, string, Record<string, string>][] = [
        ["a token that is changed", text.replace(callback, `${callback.slice(0, -2)}AA`), {}],
        ["a token of another time", text.replace(callback, "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.AAAA"), {}],
        ["a token that is a number", '{"callback":7,"status":"success"}', {}],
        ["a token that is null", '{"callback":null,"status":"success"}', {}],
        ["a token inside something else", `{"a":${text},"status":"success"}`, {}],
        ["no token", '{"status":"success"}', {}],
        ["an array", `[${text}]`, {}],
        ["no JSON", "hello", {}],
        ["nothing", "", {}],
        ["no JSON before the token", `{"a":x,${text.slice(1)}`, {}],
        ["another secret", text, header(sign(text, "other"))],
        ["other bytes", text, header(sign(`${text} `))],
        ["the same JSON written otherwise", other, header(own)],
        ["hexadecimal", text, header(Buffer.from(own, "base64").toString("hex"))],
        ["base64 for URLs", text, header(`${own.slice(0, 42)}_=`)],
        ["half of it", text, header(own.slice(0, 22))],
        ["an algorithm before it", text, header(`sha256=${own}`)],
        ["an empty signature", text, header("")],
        ["two signatures", text, header(`${own}, ${own}`)],
      ];
      const said401 = new Set<string>();
      for (const [what, body, headers] of attempts) {
        const problem = await problemOf(answer(body, headers), 401);
        expect([what, problem.code]).toEqual([what, "unauthenticated"]);
        said401.add(JSON.stringify(problem));
      }
      const unsigned = await fetch(`${gateway.url}/adapter/callback`, { method: "POST", body: text });
      expect(unsigned.headers.get("www-authenticate")).toBeTruthy();
      said401.add(JSON.stringify(await problemOf(unsigned, 401)));
      const bodiless = fetch(`${gateway.url}/adapter/callback`, { method: "POST", headers: header(own) });
      said401.add(JSON.stringify(await problemOf(bodiless, 401)));
      expect(said401.size).toBe(1);
    }));

  it("a signature header that is there twice is refused as well (CD3)", () =>
    refusing(async (callback) => {
      const body = JSON.stringify({ callback, status: "success" });
      const headers = new Headers({ "x-chainio-signature": sign(body) });
      headers.append("x-chainio-signature", sign(body));
      await problemOf(fetch(`${gateway.url}/adapter/callback`, { method: "POST", headers, body }), 401);
    }));

  it("the secret of another adapter does not sign for this one (CD3 CD8)", () =>
    refusing(async (callback, partner) => {
      await using second = await startPartner(undefined, "second-secret");
      const own = await startWaiting(workspace, second, { shared_secret: "second-secret" });
      expect(partner.received).toHaveLength(1);
      await problemOf(answer({ callback, status: "success" }, {}, "second-secret"), 401);
      await problemOf(answer({ callback: own.callback, status: "success" }), 401);
      expect((await answer({ callback: own.callback, status: "success" }, {}, "second-secret")).status).toBe(200);
    }));

  const file = { file_name: "a", mime_type: "text/plain", body: "x", content_transfer_encoding: "utf8" };
  const deep = `${"[".repeat(600)}${"]".repeat(600)}`;
  it.each<[string, object | string]>([
    ["no status", { status: undefined }],
    ["a status that is null", { status: null }],
    ["another status", { status: "done" }],
    ["progress, which the step does not allow", { status: "progress" }],
    ["files that are no array", { files: { ...file } }],
    ["a file without a name", { files: [{ ...file, file_name: undefined }] }],
    ["a file that is no base64", { files: [{ ...file, content_transfer_encoding: "base64" }] }],
    ["a fifth key of a file", { files: [{ ...file, size: 1 }] }],
    ["user_logs of another type", { user_logs: [{ type: "fatal", message: "x" }] }],
    ["user_logs that are text", { user_logs: "x" }],
    ["a member twice", '"status":"success","status":"success"'],
    ["a member of no meaning twice", '"status":"success","a":1,"a":1'],
    ["no JSON behind the token", '"status":"success","payload":{'],
    ["two JSON values", '"status":"success"}{"a":1'],
    ["a payload 600 levels deep", `"status":"success","payload":${deep}`],
    ["something else 600 levels deep", `"status":"success","other":${deep}`],
  ])("that is authentic but invalid is 422, and the execution keeps waiting: %s (CD2 CD3)", (_, more) =>
    refusing(async (callback) => {
      const said = { callback, status: "success" };
      const body =
        typeof more === "string" ? `{"callback":"${callback}",${more}}` : JSON.stringify({ ...said, ...more });
      expect((await problemOf(answer(body), 422)).code).toBe("invalid-input");
    }),
  );

  it("a token that is there twice is 422 when the first is authentic (CD3)", () =>
    refusing((callback) => problemOf(answer(`{"callback":"${callback}","callback":"x","status":"success"}`), 422)));

  it("a payload 500 levels deep is none too deep (CD2)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    const payload = `${"[".repeat(500)}${"]".repeat(500)}`;
    expect((await answer(`{"callback":"${callback}","status":"success","payload":${payload}}`)).status).toBe(200);
    expect((await messageOf(workspace, id))[1]).toBe(payload);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])("%s is 405 with Allow (CD2)", async (method) => {
    const response = await fetch(`${gateway.url}/adapter/callback`, { method });
    expect(response.headers.get("allow")).toBe("POST");
    await problemOf(response, 405);
  });
});

describe("a callback that is too large", () => {
  const LIMIT = 100_000;
  const limited = { max_response_bytes: LIMIT };

  it("is 413 and ends the execution as error, when its token stands within the first 64 KiB (C26 CD3 CD10)", async () => {
    for (const announced of [true, false]) {
      await using partner = await startPartner();
      const { id, callback } = await startWaiting(workspace, partner, limited);
      const text = padded({ callback, status: "success" }, LIMIT);
      const headers = { "x-chainio-signature": sign(text) };
      const init = announced ? { body: text } : { body: new Blob([text]).stream(), duplex: "half" as const };
      const response = fetch(`${gateway.url}/adapter/callback`, { method: "POST", headers, ...init });
      expect((await problemOf(response, 413)).code).toBe("too-large");
      expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "error" });
      expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*too large/);
      expect((await messageOf(workspace, id))[1]).toBe("{}");
    }
  });

  it("is 413 and leaves the execution waiting, when its token stands behind them (CD3)", () =>
    refusing((callback) => problemOf(answer(padded({ callback, status: "success" }, LIMIT, true)), 413), limited));

  it("by no byte is not too large (C26 CD10)", async () => {
    for (const isBehind of [false, true]) {
      await using partner = await startPartner();
      const { id, callback } = await startWaiting(workspace, partner, limited);
      const said = { callback, status: "success" };
      const text = padded(said, LIMIT - padded(said, 0).length, isBehind);
      expect(text).toHaveLength(LIMIT);
      expect((await answer(text)).status).toBe(200);
      expect((await workspace.settled(id)).status).toBe("succeeded");
    }
  });
});

describe("what is wrong first", () => {
  it("is 401 before 410, and 410 before 409, 413 and 422 (CD3)", async () => {
    await using partner = await startPartner();
    const callback = await expiredCallback(partner);
    await problemOf(answer({ callback, status: "success" }, {}, "other"), 401);
    expect((await problemOf(answer({ callback, status: "success" }), 410)).code).toBe("gone");
    await problemOf(answer({ callback, status: "odd" }), 410);
    await problemOf(answer(`{"callback":"${callback}",`), 410);
  });

  it("is 401 before 409, and 409 before 413 and 422 (CD3)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner, { max_response_bytes: 1_000 });
    await cancel(id);
    await problemOf(answer({ callback, status: "success" }, {}, "other"), 401);
    await problemOf(answer({ callback, status: "odd" }), 409);
    await problemOf(answer(padded({ callback, status: "success" }, 2_000)), 409);
    expect((await workspace.execution(id)).status).toBe("cancelled");
  });

  it("is 401 before 422, and 413 before 422 (CD3)", () =>
    refusing(
      async (callback) => {
        await problemOf(answer({ callback, status: "odd" }, {}, "other"), 401);
        await problemOf(answer(padded({ callback, status: "odd" }, 100_000, true)), 413);
      },
      { max_response_bytes: 90_000 },
    ));
});
