import { describe, expect, inject, it } from "vitest";
import { problemOf } from "../../support/problem.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const before = await workspace.put("/flows/stays", { steps: [] });
const base = `${gateway.url}/api/v1`;
const flow = `${base}/workspaces/${workspace.name}/flows/stays`;
const authorization = `Bearer ${gateway.token}`;
const put = (body: NonNullable<RequestInit["body"]>, more: object = {}) =>
  fetch(flow, { method: "PUT", body, headers: { authorization }, ...more });

const MIB = 1024 * 1024;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Methods of each path that exists, by the contract's table. */
const TABLE: Record<string, string[]> = {
  "/workspaces": ["GET"],
  "/workspaces/{ws}": ["DELETE", "GET", "PUT"],
  "/workspaces/{ws}/flows": ["GET"],
  "/workspaces/{ws}/flows/x": ["DELETE", "GET", "PUT"],
  "/workspaces/{ws}/triggers": ["GET"],
  "/workspaces/{ws}/triggers/x": ["DELETE", "GET", "PUT"],
  "/workspaces/{ws}/triggers/x/keys": ["GET", "POST"],
  "/workspaces/{ws}/triggers/x/keys/y": ["DELETE", "PATCH"],
  "/workspaces/{ws}/secrets": ["GET"],
  "/workspaces/{ws}/secrets/x": ["DELETE", "PUT"],
  "/tokens": ["GET", "POST"],
  "/tokens/x": ["DELETE"],
};

describe("problems of the admin API", () => {
  it("a body that is not JSON is 400 (ND16)", async () => {
    for (const body of ["", " ", "{", '{"steps":[]', '{"steps":[]}x', "{'steps':[]}", "undefined", "[1,]", "\u0000"]) {
      expect([body, (await problemOf(put(body), 400)).code]).toEqual([body, "invalid-json"]);
    }
    expect((await problemOf(fetch(flow, { method: "PUT", headers: { authorization } }), 400)).code).toBe(
      "invalid-json",
    );
  });

  it("a body that is not UTF-8 is 400 (ND16)", async () => {
    const quote = (...bytes: number[]) => new Uint8Array([0x7b, 0x22, ...bytes, 0x22, 0x3a, 0x31, 0x7d]);
    for (const body of [quote(0xff), quote(0xc3), quote(0xe2, 0x82), quote(0xed, 0xa0, 0x80), quote(0xc0, 0xaf)]) {
      expect((await problemOf(put(body), 400)).code).toBe("invalid-json");
    }
    const utf16 = Buffer.from('\ufeff{"steps":[]}', "utf16le");
    await problemOf(put(utf16), 400);
  });

  it("JSON of another shape is 422, with what is wrong (ND16)", async () => {
    for (const body of ["null", "[]", '"steps"', "1", "true", `${"[".repeat(50_000)}${"]".repeat(50_000)}`]) {
      const { code, errors } = await problemOf(put(body), 422);
      expect([code, errors?.length]).toEqual(["invalid-input", 1]);
    }
    const { errors } = await problemOf(put('{"__proto__":{"steps":[]},"constructor":1}'), 422);
    expect(errors?.map(({ field }) => field).toSorted()).toEqual(["__proto__", "constructor", "steps"]);
  });

  it("a body of 1 MiB is taken, a larger one is 413, whether its length is declared or not", async () => {
    expect((await put('{"steps":[]}'.padEnd(MIB, " "))).status).toBe(200);
    for (const size of [MIB + 1, 8 * MIB]) {
      const body = '{"steps":[]}'.padEnd(size, " ");
      expect((await problemOf(put(body), 413)).code).toBe("too-large");
      expect((await problemOf(put(new Blob([body]).stream(), { duplex: "half" }), 413)).code).toBe("too-large");
    }
  });

  it("nothing that was refused has changed the flow", async () => {
    expect(await workspace.get("/flows/stays")).toEqual(before);
  });

  for (const [path, allowed] of Object.entries(TABLE)) {
    it(`${path} allows ${allowed.join(", ")}; other methods are 405 with Allow`, async () => {
      const url = base + path.replace("{ws}", workspace.name);
      for (const method of METHODS.filter((one) => !allowed.includes(one))) {
        const response = await fetch(url, { method, headers: { authorization } });
        expect(response.headers.get("allow")?.split(/,\s*/).toSorted()).toEqual(allowed);
        expect((await problemOf(response, 405)).code).toBe("method-not-allowed");
      }
    });
  }

  it("unknown paths, unknown names and names that nothing can have are the same 404", async () => {
    const ws = `/workspaces/${workspace.name}`;
    const paths = [
      "",
      "/nothing",
      "/workspaces/t-nobody",
      "/workspaces/t-nobody/flows/stays",
      `${ws}/nothing`,
      `${ws}/flows/nothing`,
      `${ws}/flows/%zz`,
      `${ws}/flows/a%2Fb`,
      `${ws}/flows/stays/more`,
      `${ws}/triggers/nothing/keys`,
      `${ws}/executions/nothing`,
      "/tokens/nothing/more",
    ];
    const answers = await Promise.all(
      paths.map((path) => problemOf(fetch(base + path, { headers: { authorization } }), 404)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.code).toBe("not-found");
  });

  it("answers are not cached", async () => {
    for (const url of [flow, `${base}/nothing`]) {
      const response = await fetch(url, { headers: { authorization } });
      await response.body?.cancel();
      expect(response.headers.get("cache-control")).toContain("no-store");
    }
  });
});
