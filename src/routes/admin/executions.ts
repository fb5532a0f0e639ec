import { z } from "zod";
import { STATUSES } from "../../protocol/execution.ts";
import { notFound, Refusal } from "../../protocol/refusal.ts";
import { listShards } from "../../services/listing.ts";
import { locateExecution, shardStub } from "../../services/shards.ts";
import { bodyResponse } from "../body-response.ts";
import { answer } from "../problem.ts";
import { pageQuery, readQuery } from "./page.ts";
import { type WorkspaceCall, workspaceRoute } from "./route.ts";

const time = z.iso
  .datetime({ offset: true, error: "an ISO 8601 time such as 2026-01-31T12:00:00Z" })
  .transform((text) => Date.parse(text));

const listQuery = pageQuery.extend({
  trigger: z.string().optional(),
  flow: z.string().optional(),
  status: z.enum(STATUSES).optional(),
  from: time.optional(),
  to: time.optional(),
});

const bodyQuery = z.object({ at: z.enum(["input"]).optional() });

export const executionRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/executions",
    permission: "executions.read",
    handle: async ({ gateway, workspace, url }) => {
      const query = readQuery(url, listQuery);
      if (query instanceof Refusal) return query;
      const { limit, cursor, ...filter } = query;
      const wanted = { workspaceId: workspace.id, ...filter };
      const list = await listShards(workspace, limit, cursor, (shard, before) =>
        shardStub(gateway.env, shard).list(wanted, before, limit),
      );
      return list instanceof Refusal ? list : answer(200, list);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/executions/:id",
    permission: "executions.read",
    handle: async (call) => {
      const address = locate(call);
      const shown = address && (await address.stub.show(address.sequence, call.workspace.id));
      return shown ? answer(200, shown) : notFound();
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/executions/:id/message",
    permission: "executions.read",
    handle: async (call) => {
      const query = readQuery(call.url, bodyQuery);
      if (query instanceof Refusal) return query;
      const address = locate(call);
      const body = address && (await address.stub.body(address.sequence, call.workspace.id, query.at ?? "message"));
      return body ? bodyResponse(call.gateway.env, body) : notFound();
    },
  }),
];

function locate({ gateway, workspace, params }: WorkspaceCall<unknown, "id">) {
  const address = locateExecution(gateway.config.signingKeys, workspace, params.id);
  return address && { sequence: address.sequence, stub: shardStub(gateway.env, address.shard) };
}
