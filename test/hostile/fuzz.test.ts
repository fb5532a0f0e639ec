import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasGoodBody } from "../../tools/fuzz/bodies.ts";
import { PUBLIC_ROUTES } from "../../tools/fuzz/draft.ts";
import { type Partner, startPartner } from "../../tools/fuzz/partner.ts";
import { adminFiles, adminRoutes, publicRoutes } from "../../tools/fuzz/routes.ts";
import { fuzz } from "../../tools/fuzz/run.ts";
import { createWorld } from "../../tools/fuzz/world.ts";
import { type Gateway, startGateway } from "../../tools/lib/gateway.ts";

/** `npm run fuzz` sends a hundred thousand, and others with each seed. Here they are the same each time: a failure is one of the change. */
const REQUESTS = 2_000;
const SEED = Number(process.env.FUZZ_SEED ?? 7);

let gateway: Gateway;
let partner: Partner;
beforeAll(async () => {
  [gateway, partner] = await Promise.all([startGateway(), startPartner()]);
});
afterAll(() => Promise.all([gateway.stop(), partner[Symbol.asyncDispose]()]));

describe("the fuzzer", () => {
  it("knows every route of the gateway, and a good body for each that takes one", async () => {
    expect((await publicRoutes()).toSorted()).toEqual([...PUBLIC_ROUTES].toSorted());
    const admin = await adminRoutes();
    expect(admin.length).toBeGreaterThan(45);
    expect(adminFiles().length).toBeGreaterThan(10);
    const withBody = admin.filter(({ hasBody }) => hasBody).map(({ method, path }) => `${method} ${path}`);
    expect(withBody.filter((route) => !hasGoodBody(route))).toEqual([]);
  });

  it(`finds no 5xx, no other tenant's data, no secret and no stuck lane in ${REQUESTS} requests`, async () => {
    const world = await createWorld(gateway.url, gateway.token, partner);
    const vars = readFileSync(join(gateway.folder, "dev.vars"), "utf8");
    const hidden = [...vars.matchAll(/^\w+=(\S{20,})$/gm)].map(([, value = ""]) => value);
    expect(hidden).toHaveLength(3);
    const { violations, reached, statuses } = await fuzz({
      ...{ url: gateway.url, world, requests: REQUESTS, seed: SEED, senders: 16, pid: null, hidden },
    });
    expect(violations, `seed ${SEED}`).toEqual([]);
    expect(gateway.log()).not.toContain("a request failed");
    // It is no proof if everything is turned away at the door.
    expect(reached.length).toBeGreaterThan(30);
    expect(statuses.get("200")).toBeGreaterThan(REQUESTS / 20);
  }, 120_000);
});
