/** Uses every feature with secrets, correctly and incorrectly, and collects the gateway's answers. */
import { createHmac } from "node:crypto";
import { register } from "../adapter.ts";
import { sleep, type Target } from "../target.ts";
import type { GatewayAddress, Workspace } from "../workspace.ts";
import type { Marks } from "./marked.ts";

export interface Answer {
  readonly where: string;
  readonly text: string;
}

interface Drive {
  readonly gateway: GatewayAddress;
  readonly workspace: Workspace;
  /** Repeats what it is sent, headers and all, and fails. */
  readonly echo: Target;
  readonly marks: Marks;
  readonly answers: Answer[];
}

/** An address without a listener. */
const NOWHERE = "http://127.0.0.1:9";
const NO_RETRY = { retry: { delaysSeconds: [] } };

export async function ask({ answers }: Pick<Drive, "answers">, url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.clone().text();
  const headers = JSON.stringify([...response.headers]);
  answers.push({
    where: `${init.method ?? "GET"} ${new URL(url).pathname}`,
    text: `${response.status} ${headers} ${text}`,
  });
  return response;
}

/** Stores the workspace's secrets, and tries to store what is none. */
export async function storeSecrets(drive: Drive): Promise<void> {
  const { workspace, marks, gateway } = drive;
  for (const name of ["header", "path", "query", "host", "key", "zone", "password", "hmac", "verify"]) {
    await workspace.put(`/secrets/${name}`, { value: marks.of(name) });
  }
  await workspace.put("/secrets/broken", { value: `${marks.of("broken")}\r\nx-injected: 1` });
  await workspace.put("/secrets/quoted", { value: `"${marks.of("quoted")}\\` });
  for (const name of ["signing", "handler"])
    await workspace.put(`/secrets/${name}`, { value: marks.webhookSecret(name) });
  const base = `${gateway.url}/api/v1/workspaces/${workspace.name}`;
  const headers = { authorization: `Bearer ${gateway.token}` };
  const wrong = [
    ["/secrets/bad%20name", { value: marks.of("refused") }],
    ["/secrets/unknown-field", { value: marks.of("refused"), more: marks.of("refused") }],
    ["/secrets/too-long", { value: marks.of("refused").repeat(1_000) }],
    ["/secrets/list", { value: [marks.of("refused")] }],
    ["/flows/f", { steps: [{ name: "s", type: "http", url: NOWHERE, signingSecret: "header" }] }],
  ] as const;
  for (const [path, body] of wrong)
    await ask(drive, base + path, { method: "PUT", headers, body: JSON.stringify(body) });
  await ask(drive, `${base}/secrets/cut`, { method: "PUT", headers, body: `{"value":"${marks.of("refused")}` });
}

/** Runs a flow to its end. */
async function run(drive: Drive, name: string, step: Record<string, unknown>, init: RequestInit = {}) {
  const { workspace } = drive;
  const url = await workspace.endpoint(name, [{ name: "send", type: "http", ...NO_RETRY, ...step }]);
  const answer = await ask(drive, url, {
    method: "POST",
    body: '{"a":1}',
    headers: { "content-type": "application/json" },
    ...init,
  });
  const id = answer.headers.get("hookback-execution-id") ?? "";
  await workspace.settled(id, ["succeeded", "failed", "waiting"]);
}

/** Steps whose requests hold secrets, to partners that repeat them, are not there, or whose templates fail. */
export async function runSteps(drive: Drive): Promise<void> {
  const { echo } = drive;
  const headers = {
    authorization: "Bearer {{ secrets.header }}",
    "x-basic": "Basic {{ secrets.password | base64_encode }}",
    "x-quoted": "{{ secrets.quoted }}",
  };
  await run(drive, "echoed-400", { url: `${echo.url}/{{ secrets.path }}?q={{ secrets.query }}`, headers });
  await run(drive, "echoed-500", { url: `${echo.url}/500/{{ secrets.path }}`, headers, signingSecret: "signing" });
  await run(drive, "unreachable", { url: `${NOWHERE}/{{ secrets.path }}?q={{ secrets.query }}`, headers });
  await run(drive, "no-url", { url: "http://{{ secrets.host }}:99999/" });
  await run(drive, "in-userinfo", { url: "http://u:{{ secrets.host }}@127.0.0.1:9/" });
  await run(drive, "no-header", { url: NOWHERE, headers: { "x-a": "{{ secrets.broken }}" } });
  await run(drive, "by-key", { url: `${NOWHERE}/{{ message[secrets.key] }}` });
  await run(drive, "by-zone", { url: `${NOWHERE}/{{ 'now' | date: '%Y', secrets.zone }}` });
  await run(drive, "async", { url: `${echo.url}/200/{{ secrets.path }}`, headers, async: true });
}

/** Triggers that are called with their secrets, and with others. */
export async function callTriggers(drive: Drive): Promise<void> {
  const { workspace, marks, gateway } = drive;
  const post = (url: string, headers: Record<string, string>) =>
    ask(drive, url, { method: "POST", body: "{}", headers });
  const output = { template: "{{ headers | json }}", contentType: "application/json" };
  const more = { output, requestResponse: true };

  const keyed = await workspace.endpoint("keyed", [], { auth: { type: "apiKeys" }, ...more });
  const keys = `/triggers/keyed/keys`;
  const made = await workspace.post<{ id: string; key: string }>(keys, { label: "made" });
  await workspace.post(keys, { label: "pasted", key: marks.of("pasted-key") });
  for (const key of [marks.learn("made-key", made.key), marks.of("pasted-key"), marks.of("wrong-key")]) {
    await post(keyed, { "x-api-key": key, cookie: `session=${marks.of("cookie")}` });
  }
  const base = `${gateway.url}/api/v1/workspaces/${workspace.name}`;
  const authorization = `Bearer ${gateway.token}`;
  const key = JSON.stringify({ label: "again", key: marks.of("pasted-key") });
  await ask(drive, base + keys, { method: "POST", headers: { authorization }, body: key });
  await ask(drive, `${base}${keys}/${made.id}`, { method: "PATCH", headers: { authorization }, body: key });

  const basic = await workspace.endpoint("basic", [], {
    auth: { type: "basic", username: "u", passwordSecret: "password" },
    ...more,
  });
  for (const name of ["password", "wrong-password"])
    await post(basic, { authorization: `Basic ${btoa(`u:${marks.of(name)}`)}` });
  const signed = await workspace.endpoint("signed", [], {
    auth: { type: "signature", scheme: "github", secret: ["hmac"] },
    ...more,
  });
  const sign = (secret: string) => `sha256=${createHmac("sha256", secret).update("{}").digest("hex")}`;
  for (const name of ["hmac", "wrong-hmac"]) await post(signed, { "x-hub-signature-256": sign(marks.of(name)) });
  const meta = await workspace.endpoint("meta", [], { handshake: { scheme: "meta", secret: "verify" } });
  for (const name of ["verify", "wrong-verify"]) {
    await ask(drive, `${meta}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${marks.of(name)}`);
  }
}

/** Adapters, their callbacks, and callbacks with handlers. */
export async function callBackAndForth(drive: Drive): Promise<void> {
  const { workspace, marks, echo, gateway } = drive;
  const shared = { shared_secret: marks.of("shared") };
  const adapter = await register(workspace, `${echo.url}/400/adapter`, shared);
  await workspace.put(`/adapters/${adapter}/rotate_shared_secret`, { shared_secret: marks.of("rotated") });
  await workspace.endpoint("adapter", [{ name: "ask", type: "adapter", adapter }]);
  const sent = await ask(drive, `${gateway.url}/${workspace.name}/adapter`, { method: "POST", body: "{}" });
  await workspace.settled(sent.headers.get("hookback-execution-id") ?? "");
  await ask(drive, `${gateway.url}/adapter/callback`, {
    method: "POST",
    headers: { "x-chainio-signature": createHmac("sha256", marks.of("shared")).update("{}").digest("base64") },
    body: "{}",
  });
  for (const path of ["/400/handler", "/200/handler", "/500/handler"]) {
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "http", url: echo.url + path, signingSecret: "handler", timeoutSeconds: 5 },
      responseType: "response",
    });
    const headers = { authorization: `Bearer ${marks.of("callers-token")}`, cookie: marks.of("callers-cookie") };
    await ask(drive, callbackUrl, { method: "POST", headers, body: "{}" });
  }
}

/** Tokens that are good, that lack a permission, that are wrong, and that have gone. */
export async function useTokens(drive: Drive): Promise<void> {
  const { workspace, marks, gateway } = drive;
  const { admin, name } = workspace;
  const issued = await admin.call<{ id: string; token: string }>("POST", "/tokens", {
    label: "one",
    permissions: ["executions.read"],
    workspace: name,
  });
  const token = marks.learn("token", issued.token);
  for (const authorization of [
    `Bearer ${token}`,
    `Basic ${btoa(`:${token}`)}`,
    `Bearer ${marks.of("wrong-token")}`,
    `Bearer ${gateway.token}x`,
  ]) {
    await ask(drive, `${gateway.url}/api/v1/workspaces/${name}/flows`, { headers: { authorization } });
    await ask(drive, `${gateway.url}/cb`, { method: "POST", headers: { authorization } });
  }
}

/** Reads all that the admin API has of the workspace, and of the gateway. */
export async function readEverything(drive: Drive): Promise<void> {
  const { workspace, gateway } = drive;
  const base = `${gateway.url}/api/v1`;
  const headers = { authorization: `Bearer ${gateway.token}` };
  const read = async (path: string) => {
    const response = await ask(drive, base + path, { headers });
    const shown = (await response.json().catch(() => ({}))) as { items?: Record<string, string>[] };
    return shown.items ?? [];
  };
  for (const path of ["/tokens?limit=100", "/workspaces?limit=100", "/session", "/metrics", "/openapi.json"])
    await read(path);
  const own = `/workspaces/${workspace.name}`;
  for (const list of [
    "flows",
    "triggers",
    "secrets",
    "callback-configs",
    "adapters",
    "callbacks",
    "lanes",
    "config",
    "executions",
  ]) {
    for (const item of await read(`${own}/${list}?limit=100`)) {
      const id = item.callbackState ?? item.id ?? item.name ?? "";
      if (["flows", "triggers", "adapters", "callbacks", "executions"].includes(list)) {
        await read(`${own}/${list}/${["flows", "triggers"].includes(list) ? item.name : id}`);
      }
      if (list === "triggers") await read(`${own}/triggers/${item.name}/keys`);
      if (list === "executions") for (const at of ["", "?at=input"]) await read(`${own}/executions/${id}/message${at}`);
    }
  }
  // What is said after the answer, and what is written, may take a moment.
  await sleep(500);
}
