import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const step = (target: Target) => ({ name: "erp", type: "http", url: target.url });

async function send(url: string, body: string, headers: Record<string, string>) {
  const response = await fetch(url, { method: "POST", body, headers });
  const text = await response.text();
  return {
    status: response.status,
    text,
    id: response.headers.get("hookback-execution-id"),
    replayed: response.headers.get("idempotency-replayed"),
  };
}

describe("Idempotency-Key", () => {
  it("the same key and body on one trigger gives the first execution, marked as replayed (ND13)", async () => {
    await using target = await startTarget();
    const url = await workspace.endpoint("once", [step(target)]);
    const other = await workspace.endpoint("other", [step(target)]);
    const first = await send(url, "a", { "idempotency-key": "k1" });
    const again = await send(url, "a", { "idempotency-key": "k1" });
    expect(first).toMatchObject({ status: 202, replayed: null });
    expect(again).toMatchObject({ status: 202, replayed: "true", id: first.id });
    expect(await send(url, "a", { "idempotency-key": "k2" })).toMatchObject({ replayed: null });
    expect((await send(other, "a", { "idempotency-key": "k1" })).id).not.toBe(first.id);
    expect((await send(url, "a", {})).id).not.toBe(first.id);
    await workspace.settled(first.id ?? "");
    expect(await workspace.executions({ trigger: "once" })).toHaveLength(3);
  });

  it("the same key with another body is 422, large bodies too, and starts nothing (ND13)", async () => {
    await using target = await startTarget();
    const url = await workspace.endpoint("vouched", [step(target)]);
    for (const size of [1, 100_000]) {
      const headers = { "idempotency-key": `size-${size}` };
      expect((await send(url, "a".repeat(size), headers)).status).toBe(202);
      expect((await send(url, "b".repeat(size), headers)).status).toBe(422);
      expect(await send(url, "a".repeat(size), headers)).toMatchObject({ status: 202, replayed: "true" });
    }
    expect(await workspace.executions({ trigger: "vouched" })).toHaveLength(2);
    expect((await send(url, "a", { "idempotency-key": "x".repeat(256) })).status).toBe(400);
  });

  it("of simultaneous calls with one key one runs, and all get its result (ND13)", async () => {
    await using target = await startTarget(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { body: String(target.received.length) };
    });
    const url = await workspace.endpoint("result", [step(target)], { requestResponse: true });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(url, "same", { "idempotency-key": "burst" })),
    );
    expect(new Set(answers.map(({ status, text, id }) => `${status} ${text} ${id}`)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    expect(target.received).toHaveLength(1);
    expect(await send(url, "same", { "idempotency-key": "burst" })).toMatchObject({
      status: 200,
      text: "1",
      replayed: "true",
    });
  });

  it("holds across the lanes of one trigger (ND13 ND7)", async () => {
    await using target = await startTarget();
    const url = await workspace.endpoint("lanes", [step(target)], { orderedDelivery: { key: "{{ body.customer }}" } });
    const body = (customer: string) => JSON.stringify({ customer });
    const json = { "content-type": "application/json" };
    for (let n = 0; n < 8; n++) {
      const headers = { ...json, "idempotency-key": `lane-${n}` };
      expect((await send(url, body(`a${n}`), headers)).status).toBe(202);
      expect((await send(url, body(`b${n}`), headers)).status).toBe(422);
      expect(await send(url, body(`a${n}`), headers)).toMatchObject({ status: 202, replayed: "true" });
    }
    expect(await workspace.executions({ trigger: "lanes" })).toHaveLength(8);
  });

  it("a trigger's own key recognises a repeat, whatever the body", async () => {
    await using target = await startTarget();
    const url = await workspace.endpoint("own", [step(target)], { deduplicate: { key: "{{ headers.x-delivery }}" } });
    const first = await send(url, "a", { "x-delivery": "1" });
    expect(await send(url, "b", { "x-delivery": "1" })).toMatchObject({ replayed: "true", id: first.id });
    expect(await send(url, "a", { "x-delivery": "2" })).toMatchObject({ replayed: null });
  });
});

describe("a provider's own delivery id", () => {
  const secret = "a secret of the provider";
  const hmac = (text: string) => createHmac("sha256", secret).update(text).digest("hex");
  const now = Math.floor(Date.now() / 1000);
  const event = (id: string) => JSON.stringify({ id, event_id: id });
  const senders: Record<string, (id: string) => { body: string; headers: Record<string, string> }> = {
    github: (id) => ({
      body: "{}",
      headers: { "x-github-delivery": id, "x-hub-signature-256": `sha256=${hmac("{}")}` },
    }),
    stripe: (id) => ({
      body: event(id),
      headers: { "stripe-signature": `t=${now},v1=${hmac(`${now}.${event(id)}`)}` },
    }),
    slack: (id) => ({
      body: event(id),
      headers: {
        "content-type": "application/json",
        "x-slack-request-timestamp": String(now),
        "x-slack-signature": `v0=${hmac(`v0:${now}:${event(id)}`)}`,
      },
    }),
  };

  it.each(Object.keys(senders))("a delivery that %s repeats is the first execution (ND13)", async (scheme) => {
    await using target = await startTarget();
    await workspace.put("/secrets/provider", { value: secret });
    const url = await workspace.endpoint(`from-${scheme}`, [step(target)], {
      auth: { type: "signature", scheme, secret: "provider" },
    });
    const deliver = (id: string) => {
      const { body, headers } = senders[scheme]?.(id) ?? { body: "", headers: {} };
      return send(url, body, headers);
    };
    const first = await deliver("evt_1");
    expect(first).toMatchObject({ status: 202, replayed: null });
    expect(await deliver("evt_1")).toMatchObject({ status: 202, replayed: "true", id: first.id });
    expect(await deliver("evt_2")).toMatchObject({ status: 202, replayed: null });
    expect(await workspace.executions({ trigger: `from-${scheme}` })).toHaveLength(2);
  });
});

describe("lanes by key", () => {
  it("one lane per value, each in order, side by side (ND7)", async () => {
    let inside = 0;
    let most = 0;
    const perKey = new Map<string, number>();
    await using target = await startTarget(async ({ body }) => {
      const { customer } = JSON.parse(body.toString()) as { customer: string };
      const own = (perKey.get(customer) ?? 0) + 1;
      perKey.set(customer, own);
      expect(own).toBe(1);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
      perKey.set(customer, own - 1);
      return {};
    });
    const url = await workspace.endpoint("keyed", [step(target)], {
      orderedDelivery: { key: "{{ query.customer }}{{ body.customer }}" },
      query: [{ name: "customer", default: "" }],
    });
    const ids: string[] = [];
    for (let n = 0; n < 60; n++) {
      const body = JSON.stringify({ customer: `c${n % 6}`, n });
      ids.push((await send(url, body, { "content-type": "application/json" })).id ?? "");
    }
    for (const id of ids) await workspace.settled(id);
    expect(most).toBeGreaterThan(1);
    const byCustomer = Map.groupBy(
      target.received.map(({ body }) => JSON.parse(body.toString()) as { customer: string; n: number }),
      ({ customer }) => customer,
    );
    expect(byCustomer.size).toBe(6);
    for (const messages of byCustomer.values()) {
      const order = messages.map(({ n }) => n);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });
});
