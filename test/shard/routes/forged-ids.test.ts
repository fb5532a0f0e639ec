import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../src/config.ts";
import { mintSignedId } from "../../../src/core/security/signed-id.ts";
import { handle } from "../../../src/handle.ts";

const bindings = env as unknown as Env;
const genuine = (purpose: "execution" | "correlation" | "callback", key = bindings.SIGNING_KEY ?? "") =>
  mintSignedId(key, purpose, { shard: 1, sequence: 1, run: 1 });

/** The bindings with a record of every touch; none of them answers anything. */
function watched() {
  const touched: string[] = [];
  const watch = (name: string) =>
    new Proxy({} as never, {
      get: (_, member) => {
        touched.push(`${name}.${String(member)}`);
        return () => null;
      },
    });
  const guarded: Env = { ...bindings, CONFIG: watch("CONFIG"), SHARDS: watch("SHARDS"), BODIES: watch("BODIES") };
  return { guarded, touched };
}

const callbackFor = (id: string) =>
  new Request("http://gateway.test/cb", {
    method: "POST",
    headers: { authorization: `Bearer ${bindings.ADMIN_TOKEN}`, "x-link-correlation-id": id, "x-link-status": "Ok" },
    body: "answer",
  });
const pollFor = (id: string) => new Request(`http://gateway.test/workspace/trigger/executions/${id}`);

afterEach(() => void vi.restoreAllMocks());

describe("a forged id", () => {
  const flipped = (id: string) => id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");
  const forged = {
    "random version 4": () => crypto.randomUUID(),
    "no UUID at all": () => "nonsense",
    "of another purpose": () => genuine("callback"),
    "of another key": () => genuine("correlation", "another key of at least thirty-two characters"),
    "with one changed digit": () => flipped(genuine("correlation")),
  };

  for (const [what, make] of Object.entries(forged)) {
    it(`${what}, is 404 without a look into KV, R2 or any object (LD2 GD6)`, async () => {
      for (const request of [callbackFor(make()), pollFor(make())]) {
        const { guarded, touched } = watched();
        const response = await handle(request, guarded, createExecutionContext());
        expect(response.status).toBe(404);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        expect(touched).toEqual([]);
      }
    });
  }

  it("is told apart from a genuine one, which is looked up", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    for (const request of [callbackFor(genuine("correlation")), pollFor(genuine("execution"))]) {
      const { guarded, touched } = watched();
      await handle(request, guarded, createExecutionContext());
      expect(touched).not.toEqual([]);
    }
  });
});

describe("a deployment that lacks a secret", () => {
  it("answers nothing but what is missing, without values", async () => {
    const { guarded } = watched();
    const { SIGNING_KEY: _, ...rest } = guarded;
    const response = await handle(
      pollFor(genuine("execution")),
      { ...rest, ENCRYPTION_KEY: "short-value" },
      createExecutionContext(),
    );
    expect(response.status).toBe(503);
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    expect(code).toBe("not-configured");
    expect(detail).toContain("SIGNING_KEY is missing");
    expect(detail).toContain("ENCRYPTION_KEY must have at least 32 characters");
    expect(detail).not.toContain("short-value");
  });
});
