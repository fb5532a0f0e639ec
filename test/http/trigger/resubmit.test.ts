import { expect, inject, it } from "vitest";
import { startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

it("a message of a lane by key is resubmitted into that lane, though its request is not kept (ND7)", async () => {
  await using target = await startTarget();
  const workspace = await newWorkspace(inject("gateway"));
  const steps = [{ name: "erp", type: "http", url: target.url }];
  for (const [name, key] of Object.entries({ query: "{{ query.customer }}", body: "{{ body.customer }}" })) {
    const trigger = { query: [{ name: "customer" }], orderedDelivery: { key } };
    const url = await workspace.endpoint(`by-${name}`, steps, trigger);
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}?customer=c7`, { method: "POST", headers, body: '{"customer":"c7"}' });
    const { executionId } = (await response.json()) as { executionId: string };
    await workspace.settled(executionId);
    const { id } = await workspace.post<{ id: string }>(`/executions/${executionId}/resubmit`, {});
    expect(await workspace.settled(id)).toMatchObject({ lane: `by-${name}/c7`, resubmittedFrom: executionId });
    // What the trigger says now wins over where the message stood.
    await workspace.put(`/triggers/by-${name}`, { flow: `by-${name}`, ...trigger, orderedDelivery: true });
    const again = await workspace.post<{ id: string }>(`/executions/${executionId}/resubmit`, {});
    expect(await workspace.settled(again.id)).toMatchObject({ lane: `by-${name}` });
  }
});
