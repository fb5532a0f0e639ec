import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../../../src/config.ts";
import { keepBody } from "../../../src/storage/bodies/bodies.ts";
import { ownBodies } from "../../../src/storage/bodies/owned-bodies.ts";

const { BODIES } = env as unknown as Env;
const bytes = new Uint8Array(100 * 1024);
const store = () => keepBody(BODIES, "owned", { type: null, size: bytes.length, bytes });
const keys = async () => (await BODIES.list({ prefix: "body/owned/" })).objects.map(({ key }) => key);

describe("bodies that a scope owns", () => {
  it("are deleted when the scope ends, those released excepted", async () => {
    const [given, registered, released, taken] = [await store(), await store(), await store(), await store()];
    const work = async () => {
      await using bodies = ownBodies(BODIES, given, null);
      expect(bodies.own(registered)).toBe(registered);
      bodies.own(released);
      bodies.release(released, undefined);
      bodies.own(taken);
      bodies.release(taken);
      bodies.own(taken);
      return "done";
    };
    expect(await work()).toBe("done");
    expect(await keys()).toEqual([released].map((body) => "key" in body && body.key));
  });

  it("are deleted when the scope ends by an exception, and a failing bucket does not replace it", async () => {
    const before = await keys();
    const body = await store();
    const broken = { delete: async () => Promise.reject(new Error("10001")) } as unknown as R2Bucket;
    const work = async () => {
      await using _bodies = ownBodies(BODIES, body);
      await using _failing = ownBodies(broken, body);
      throw new Error("the work failed");
    };
    await expect(work()).rejects.toThrow("the work failed");
    expect(await keys()).toEqual(before);
  });
});
