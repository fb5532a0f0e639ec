import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, inject, it } from "vitest";
import { callBack } from "../../support/link.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const { token } = gateway;
const KIB = 1024;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function storedMessage(workspace: Workspace, id: string, query = "") {
  const path = `/workspaces/${workspace.name}/executions/${id}/message${query}`;
  const response = await workspace.admin.request("GET", path);
  return { type: response.headers.get("content-type"), sha256: sha256(new Uint8Array(await response.arrayBuffer())) };
}

describe("bodies", () => {
  const sizes = [0, 1, 64 * KIB, 64 * KIB + 1, 1024 * KIB, 9 * 1024 * KIB];

  it.each(sizes)("%i bytes go through a trigger and a step and come back unchanged (N4 ND12)", async (size) => {
    await using target = await startTarget(({ body, headers }) => ({
      body,
      headers: { "content-type": headers["content-type"] ?? "none" },
    }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("in", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const bytes = randomBytes(size);
    const type = "application/octet-stream";
    const response = await fetch(url, { method: "POST", body: bytes, headers: { "content-type": type } });
    expect(response.status).toBe(200);
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(bytes));
    expect(target.received[0]?.body.equals(bytes)).toBe(true);
    expect(target.received[0]?.headers["content-length"]).toBe(String(size));
    const id = response.headers.get("hookback-execution-id") ?? "";
    expect(await storedMessage(workspace, id)).toEqual({ type, sha256: sha256(bytes) });
    expect(await storedMessage(workspace, id, "?at=input")).toEqual({ type, sha256: sha256(bytes) });
  });

  it("a chunked request and a chunked reply, whose lengths nobody knows beforehand, are stored in parts (ND12)", async () => {
    const reply = randomBytes(17 * 1024 * KIB + 5);
    await using target = await startTarget((_, response) => {
      response.writeHead(200);
      for (let at = 0; at < reply.length; at += 100_000) response.write(reply.subarray(at, at + 100_000));
      response.end();
      return undefined;
    });
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("in", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const bytes = randomBytes(20 * 1024 * KIB + 3);
    const body = Readable.toWeb(Readable.from(chunksOf(bytes, 33_333))) as unknown as ReadableStream;
    const response = await fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(reply));
    expect(target.received[0]?.body.equals(bytes)).toBe(true);
  });

  it("a large callback body becomes the message; the one of a refused callback does not (LD9)", async () => {
    await using target = await startTarget(({ path, body }) => (path === "/next" ? { body } : { status: 202 }));
    const workspace = await newWorkspace(gateway);
    const steps = [
      { name: "ask", type: "http", url: target.url, async: true },
      { name: "next", type: "http", url: `${target.url}/next` },
    ];
    const url = await workspace.endpoint("in", steps);
    const { executionId } = (await (await fetch(url, { method: "POST", body: "x" })).json()) as { executionId: string };
    await workspace.settled(executionId, ["waiting"]);
    const bytes = new Uint8Array(randomBytes(700 * KIB));
    const [request] = target.received;
    expect((await callBack(request, { token, body: bytes, headers: { "x-link-status": "Odd" } })).status).toBe(400);
    expect((await callBack(request, { token, body: bytes })).status).toBe(200);
    expect((await callBack(request, { token, body: new Uint8Array(randomBytes(700 * KIB)) })).status).toBe(409);
    await workspace.settled(executionId);
    expect(target.received[1]?.body.equals(bytes)).toBe(true);
    expect((await storedMessage(workspace, executionId)).sha256).toBe(sha256(bytes));
  });
});

function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
