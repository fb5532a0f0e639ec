/**
 * `npm run bench -- [--scenario a,b] [--concurrency N] [--seconds N] [--rounds N] [--payload BYTES] [--shards N]
 * [--engine] [--engine-folder DIR] [--json] [--built]`: the gateway in comparison with a floor that does only the same storage and network work.
 */
import { resolve } from "node:path";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";
import { makeTemporaryFolder } from "../lib/temporary-folder.ts";
import { ENGINE_HEADINGS, HEADINGS, type Report, row } from "./report.ts";
import { measure } from "./rounds.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { installEngine, startEngineSubject } from "./subjects/engine-subject.ts";
import { startFloorSubjects } from "./subjects/floor-subject.ts";
import { startGatewaySubject } from "./subjects/gateway-subject.ts";
import { startBench } from "./surroundings.ts";

const values = readOptions({
  scenario: SCENARIOS.map(({ name }) => name).join(","),
  ...{ concurrency: 64, seconds: 1, rounds: 12, payload: 1024, shards: 4 },
  /** Also compares with a durable execution engine, which is installed into a temporary folder. */
  engine: false,
  /** Folder of the engine, for reuse. */
  "engine-folder": "",
  json: false,
  /** Uses the last built Worker. */
  built: false,
});
const { concurrency, seconds, rounds, payload: payloadBytes } = values;
const names = values.scenario.split(",");
const wanted = SCENARIOS.filter(({ name }) => names.includes(name));
if (wanted.length < names.length) throw new Error(`scenarios: ${SCENARIOS.map(({ name }) => name).join(", ")}`);

if (!values.built) buildWorker();
await using everything = new AsyncDisposableStack();
const engineFolder = values.engine
  ? resolve(values["engine-folder"] || everything.use(makeTemporaryFolder("engine")).path)
  : null;
if (engineFolder !== null) installEngine(engineFolder);
const { children, around, ceiling } = await startBench(everything, {
  ...{ shards: values.shards, connections: concurrency, payloadBytes },
});
const most = await ceiling();
if (!values.json) console.log(`The load generator by itself, against the target: ${most} requests/s\n`);
const reports: Report[] = [];
for (const scenario of wanted) reports.push(await run(scenario));
if (values.json) console.log(JSON.stringify({ ceiling: most, concurrency, payloadBytes, reports }, null, 2));
else {
  const headings = [...HEADINGS, ...(values.engine ? ENGINE_HEADINGS : [])];
  printTable([headings, ...reports.map((report) => row(report, values.engine))]);
}

async function run(scenario: Scenario): Promise<Report> {
  await using stack = everything.use(new AsyncDisposableStack());
  const gateway = stack.use(await startGatewaySubject(scenario, around));
  const floors = await startFloorSubjects(around);
  for (const floor of floors) stack.use(floor);
  const subjects = [gateway, ...(scenario.isDurable ? floors : floors.slice(0, 1))];
  if (engineFolder !== null && scenario.isEngineWork) {
    subjects.push(stack.use(await startEngineSubject(engineFolder, around)));
  }
  const options = { scenario, concurrency, payloadBytes, seconds, rounds };
  const report = { scenario: scenario.name, measured: await measure(children, subjects, options) };
  if (!values.json) console.log(row(report, values.engine).join("  "));
  return report;
}
