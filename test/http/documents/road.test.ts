import { describe, expect, inject, it } from "vitest";
import { startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

describe("the whole road", () => {
  it("a call runs the flow and gets its result, content type and bytes (N5 N16 N17 ND6)", async () => {
    await using target = await startTarget(({ body }) => ({
      headers: { "content-type": "application/xml; charset=iso-8859-1" },
      body: Buffer.concat([Buffer.from("<ok>"), body, Buffer.from([0xe9]), Buffer.from("</ok>")]),
    }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("ask", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const response = await fetch(url, { method: "POST", body: "hello", headers: { "content-type": "text/plain" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/xml; charset=iso-8859-1");
    expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toBe("<ok>helloé</ok>");
    expect(response.headers.get("hookback-execution-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(target.received).toHaveLength(1);
    expect(target.received[0]?.headers).toMatchObject({ "content-type": "text/plain", "hookback-attempt": "1" });
  });

  it("an async step waits for its callback, and the caller gets its body (L1 L2 L8 L9 L10 L11 L12)", async () => {
    await using target = await startTarget(async ({ headers, body }) => {
      void fetch(headers["x-link-callback-url"] ?? "", {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`:${gateway.token}`)}`,
          "x-link-correlation-id": headers["x-link-correlation-id"] ?? "",
          "x-link-status": "Ok",
          "content-type": "application/json",
        },
        body: JSON.stringify({ seen: body.toString() }),
      });
      return { status: 202 };
    });
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("ask", [{ name: "erp", type: "http", url: target.url, async: true }], {
      requestResponse: true,
    });
    const response = await fetch(url, { method: "POST", body: "hello" });
    expect(await response.json()).toEqual({ seen: "hello" });
    const execution = await workspace.settled(response.headers.get("hookback-execution-id") ?? "");
    expect(execution).toMatchObject({ status: "succeeded", documentStatus: "Completed" });
  });
});
