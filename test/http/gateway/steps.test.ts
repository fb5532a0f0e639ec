import { describe, expect, inject, it } from "vitest";
import { sleep, startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const JSON_TYPE = { headers: { "content-type": "application/json" } };

async function run(workspace: Workspace, steps: object[], body: string | null = "{}", type = "application/json") {
  const url = await workspace.endpoint("run", steps as Record<string, unknown>[]);
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": type } });
  const { executionId } = (await response.json()) as { executionId: string };
  return workspace.settled(executionId);
}

describe("an http step", () => {
  it("sends every attempt with the execution, its number, one idempotency key and a trace", async () => {
    let count = 0;
    await using target = await startTarget(() => ({ status: ++count < 3 ? 500 : 200 }));
    const workspace = await newWorkspace(gateway);
    const step = { name: "erp", type: "http", url: target.url, retry: { delaysSeconds: [0.01, 0.01] } };
    const execution = await run(workspace, [step, { ...step, name: "again" }]);
    expect(execution).toMatchObject({ status: "succeeded", steps: [{ attempts: 3 }, { attempts: 1 }] });
    const headers = target.received.map((request) => request.headers);
    expect(headers.map((each) => each["hookback-attempt"])).toEqual(["1", "2", "3", "1"]);
    expect(new Set(headers.map((each) => each["hookback-execution-id"]))).toEqual(new Set([execution.id]));
    expect(new Set(headers.slice(0, 3).map((each) => each["idempotency-key"])).size).toBe(1);
    expect(headers[3]?.["idempotency-key"]).not.toBe(headers[0]?.["idempotency-key"]);
    const traces = headers.map((each) => each.traceparent ?? "");
    for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(new Set(traces.map((trace) => trace.slice(3, 35))).size).toBe(1);
  });

  it("retries 408, 425, 429 and 5xx; other 4xx and 3xx end the step at the first answer (LD15)", async () => {
    await using target = await startTarget(({ path }) => ({
      status: Number(path.slice(1)),
      headers: { location: "/200" },
    }));
    const workspace = await newWorkspace(gateway);
    const expected = { 408: 2, 425: 2, 429: 2, 500: 2, 503: 2, 400: 1, 401: 1, 404: 1, 422: 1, 301: 1, 307: 1 };
    for (const [status, attempts] of Object.entries(expected)) {
      target.received.length = 0;
      const step = { name: "erp", type: "http", url: `${target.url}/${status}`, retry: { delaysSeconds: [0.01] } };
      const execution = await run(workspace, [step]);
      const failure = status.startsWith("4") ? "error" : "bug";
      expect([status, target.received.length, execution.failure]).toEqual([status, attempts, failure]);
    }
  });

  it("hides what its templates made of secrets where a reply repeats it, whatever filter made it (O4)", async () => {
    await using target = await startTarget(({ path, headers }) => ({
      status: 400,
      body: `no: ${path} ${headers.authorization} ${headers["x-signed"]}`,
    }));
    const workspace = await newWorkspace(gateway);
    const secret = "p@ss wörd/+&=!";
    await workspace.client.secrets.put("erp", secret);
    const step = {
      ...{ name: "erp", type: "http", url: `${target.url}/in?key={{ secrets.erp | url_encode }}` },
      headers: {
        authorization: "Basic {{ 'user:' | append: secrets.erp | base64_encode }}",
        "x-signed": "{{ secrets.erp | url_encode | upcase | append: '-v1' }}",
      },
    };
    const execution = await run(workspace, [step]);
    const [request] = target.received;
    const { authorization, "x-signed": signed } = request?.headers ?? {};
    const sent = [request?.path.split("=", 2)[1], authorization?.split(" ")[1], signed];
    expect(sent.every((text) => (text?.length ?? 0) > 10)).toBe(true);
    const shown = JSON.stringify(execution);
    expect(shown).toContain("no: /in?key=[secret]");
    for (const text of [secret, ...sent]) expect(shown).not.toContain(text);
  });

  it("honours Retry-After", async () => {
    let count = 0;
    await using target = await startTarget(() =>
      ++count === 1 ? { status: 503, headers: { "retry-after": "1" } } : {},
    );
    const workspace = await newWorkspace(gateway);
    await run(workspace, [{ name: "erp", type: "http", url: target.url, retry: { delaysSeconds: [0] } }]);
    const [first, second] = target.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it("a target that hangs, drips its body or resets the connection is a bug after the retries (LD15)", async () => {
    await using target = await startTarget(async ({ path }, response) => {
      if (path === "/reset") response.socket?.destroy();
      if (path === "/drip") {
        response.writeHead(200);
        response.write("a");
      }
      return undefined;
    });
    const workspace = await newWorkspace(gateway);
    for (const path of ["/hang", "/drip", "/reset"]) {
      target.received.length = 0;
      const step = {
        name: "erp",
        type: "http",
        url: target.url + path,
        timeoutSeconds: 0.3,
        retry: { delaysSeconds: [0.01] },
      };
      expect([path, await run(workspace, [step])]).toMatchObject([path, { status: "failed", failure: "bug" }]);
      expect([path, target.received.length]).toEqual([path, 2]);
    }
    const nobody = { name: "erp", type: "http", url: "http://127.0.0.1:9", retry: { delaysSeconds: [] } };
    expect(await run(workspace, [nobody])).toMatchObject({ status: "failed", failure: "bug" });
  });

  it("fills URL and headers from message, secrets, execution and trigger, and shows no secret anywhere", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    await workspace.put("/secrets/erp", { value: "s3cr3t-value" });
    const step = {
      name: "erp",
      type: "http",
      method: "PUT",
      url: `${target.url}/items/{{ message.id }}?t={{ trigger.name }}&k={{ secrets.erp }}`,
      headers: { authorization: "Bearer {{ secrets.erp }}", "x-run": "{{ execution.id }}" },
    };
    const execution = await run(workspace, [step], '{"id": 7}');
    expect(target.received[0]).toMatchObject({ method: "PUT", path: "/items/7?t=run&k=s3cr3t-value" });
    expect(target.received[0]?.headers).toMatchObject({ authorization: "Bearer s3cr3t-value", "x-run": execution.id });
    expect(JSON.stringify(execution)).not.toContain("s3cr3t");
    await workspace.put("/secrets/erp", { value: "rotated" });
    await run(workspace, [step], '{"id": 8}');
    expect(target.received[1]?.headers.authorization).toBe("Bearer rotated");
  });

  it("makes the URL anew for each message, also after one that made it what its template says", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    const step = { name: "erp", type: "http", url: `${target.url}/items/{{ message.id }}` };
    // One lane, so that one shard sends both.
    const url = await workspace.endpoint("run", [step], { orderedDelivery: true });
    for (const id of ["{{ message.id }}", "8"])
      await fetch(url, { method: "POST", body: JSON.stringify({ id }), ...JSON_TYPE });
    await expect
      .poll(() => target.received.map(({ path }) => decodeURIComponent(path)))
      .toEqual(["/items/{{ message.id }}", "/items/8"]);
  });

  it("a template that fails, or a URL that it makes unusable, is an error before any request (LD15)", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    const urls = [
      `${target.url}/{{ message.missing }}`,
      "{{ message.url }}",
      "ftp://127.0.0.1/{{ trigger.name }}",
      "http://user:pw@127.0.0.1/{{ trigger.name }}",
    ];
    for (const url of urls) {
      const execution = await run(workspace, [{ name: "erp", type: "http", url }], '{"url": "not a url"}');
      expect([url, execution.status, execution.failure]).toEqual([url, "failed", "error"]);
    }
    const header = { name: "erp", type: "http", url: target.url, headers: { "x-a": "{{ message.a }}" } };
    expect(await run(workspace, [header], '{"a": "line\\r\\nbreak: 1"}')).toMatchObject({
      status: "failed",
      failure: "error",
    });
    expect(target.received).toHaveLength(0);
  });

  it("an execution keeps the version of its flow that it started with", async () => {
    await using target = await startTarget(async () => {
      await sleep(200);
      return {};
    });
    const workspace = await newWorkspace(gateway);
    const steps = ["one", "two"].map((name) => ({ name, type: "http", url: `${target.url}/${name}` }));
    const url = await workspace.endpoint("run", steps);
    const response = await fetch(url, { method: "POST", body: "x" });
    const { executionId } = (await response.json()) as { executionId: string };
    await workspace.put("/flows/run", { steps: [] });
    await workspace.settled(executionId);
    expect(target.received.map(({ path }) => path)).toEqual(["/one", "/two"]);
  });

  it("does not send a body with GET, and passes the reply on", async () => {
    await using target = await startTarget(({ method, body }) => ({ body: `${method} ${body.length}` }));
    const workspace = await newWorkspace(gateway);
    const step = { name: "erp", type: "http", url: target.url, method: "GET" };
    const execution = await run(workspace, [step, { ...step, name: "two", method: "POST" }], "123");
    const message = await workspace.admin.request(
      "GET",
      `/workspaces/${workspace.name}/executions/${execution.id}/message`,
    );
    expect(await message.text()).toBe("POST 5");
    const input = await workspace.admin.request(
      "GET",
      `/workspaces/${workspace.name}/executions/${execution.id}/message?at=input`,
    );
    expect(await input.text()).toBe("123");
  });
});
