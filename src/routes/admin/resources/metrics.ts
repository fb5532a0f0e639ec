/** `GET /api/v1/metrics`: OpenMetrics text for Prometheus and its like. */
import { readAllCounters } from "../../../services/metrics.ts";
import type { ShardCounters } from "../../../shard/observe/counters.ts";
import { gatewayRoute } from "../route.ts";

const CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly of: (counters: ShardCounters) => Sample[];
}

/** Counters begin at zero when a shard's object is started, as those of a process do. */
const FAMILIES: readonly Family[] = [
  {
    ...{ name: "hookback_executions_accepted", type: "counter", help: "Messages taken in." },
    of: ({ workspaces }) => perWorkspace(workspaces, ({ accepted }) => [[{}, accepted]]),
  },
  {
    ...{ name: "hookback_executions_finished", type: "counter", help: "Executions ended, by status." },
    of: ({ workspaces }) => perWorkspace(workspaces, ({ finished }) => counted("status", finished)),
  },
  {
    ...{ name: "hookback_attempts", type: "counter", help: "Attempts of steps, by outcome." },
    of: ({ workspaces }) => perWorkspace(workspaces, ({ attempts }) => counted("outcome", attempts)),
  },
  {
    ...{ name: "hookback_executions_open", type: "gauge", help: "Unfinished executions." },
    of: ({ workspaces }) => perWorkspace(workspaces, ({ open }) => [[{}, open]]),
  },
  {
    ...{ name: "hookback_oldest_open_seconds", type: "gauge", help: "Age of the oldest unfinished execution." },
    of: ({ oldestOpenSeconds }) => [[{}, oldestOpenSeconds]],
  },
  {
    ...{ name: "hookback_shard_database_bytes", type: "gauge", help: "Size of a shard's database." },
    of: ({ databaseBytes }) => [[{}, databaseBytes]],
  },
  {
    ...{ name: "hookback_lanes", type: "gauge", help: "Lanes that hold something, by state." },
    of: ({ lanes }) => counted("state", lanes),
  },
];

export const metricsRoute = gatewayRoute({
  method: "GET",
  path: "/metrics",
  permission: "executions.read",
  summary: "Counts and gauges as OpenMetrics text",
  answers: { 200: "application/openmetrics-text" },
  handle: async ({ context }) => {
    const shards = await readAllCounters(context);
    const lines = FAMILIES.flatMap(({ name, type, help, of }) => [
      `# TYPE ${name} ${type}`,
      `# HELP ${name} ${help}`,
      ...[...shards].flatMap(([shard, counters]) =>
        of(counters).map(([labels, value]) => {
          const suffix = type === "counter" ? "_total" : "";
          return `${name}${suffix}${labelText({ shard: String(shard), ...labels })} ${value}`;
        }),
      ),
    ]);
    return new Response([...lines, "# EOF", ""].join("\n"), { headers: { "content-type": CONTENT_TYPE } });
  },
});

function perWorkspace<T>(workspaces: Readonly<Record<string, T>>, of: (counters: T) => Sample[]): Sample[] {
  return Object.entries(workspaces).flatMap(([workspace, counters]) =>
    of(counters).map(([labels, value]): Sample => [{ workspace, ...labels }, value]),
  );
}

const counted = (label: string, counts: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(counts).map(([value, count]) => [{ [label]: value }, count]);

const labelText = (labels: Readonly<Record<string, string>>) =>
  `{${Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    )
    .join(",")}}`;
