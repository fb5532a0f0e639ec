/**
 * `npm run faults -- [--seed N] [--seconds N] [--runs N] [--json] [--planted]`: real load on a real gateway that is
 * killed, stopped and deceived meanwhile; see docs/reliability.md.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { check, countByRule } from "./checks/checker.ts";
import { type Figures, figuresOf, rowsOf } from "./figures.ts";
import { buildCopy } from "./gateway/build.ts";
import { catchPlanted } from "./planted-runs.ts";
import { runFaults } from "./run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(drawSeed()) },
    /** Of load in each run; 120, or 30 with planted bugs. */
    seconds: { type: "string" },
    /** Runs of seeds that follow each other. */
    runs: { type: "string", default: "1" },
    /** Prints the figures as JSON. */
    json: { type: "boolean", default: false },
    /** Runs the planted bugs, each of which must be found. */
    planted: { type: "boolean", default: false },
    /** Of them, those whose name contains this. */
    only: { type: "string", default: "" },
    /** Writes the histories here, as JSON, and what the gateway logged. */
    keep: { type: "string" },
    /** Folder of the sources, for another version than this one. */
    sources: { type: "string", default: "." },
  },
});
const [first, runs] = [Number(values.seed), Number(values.runs)];
const seconds = Number(values.seconds ?? (values.planted ? 30 : 120));

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

if (values.planted) {
  process.exitCode = (await catchPlanted({
    seed: first,
    seconds,
    only: values.only,
    sources: values.sources,
    keep: values.keep,
  }))
    ? 0
    : 1;
} else {
  using built = buildCopy([], values.sources);
  const all: { seed: number; figures: Figures; violations: number }[] = [];
  for (let seed = first; seed < first + runs; seed++) {
    const run = await runFaults({ seed, seconds, worker: built.worker });
    const violations = check(run);
    all.push({ seed, figures: figuresOf(run), violations: violations.length });
    if (!values.json) {
      printTable([["seed", seed], ...rowsOf(figuresOf(run)), ["violations", violations.length]]);
      for (const [rule, count] of Object.entries(countByRule(violations))) console.log(`  ${rule}: ${count}`);
      for (const { rule, detail } of violations.slice(0, 20)) console.log(`  ${rule}: ${detail}`);
    }
    if (violations.length > 0) process.exitCode = 1;
    if (values.keep) writeFileSync(`${values.keep}-${seed}.json`, JSON.stringify({ ...run, violations }));
  }
  if (values.json) console.log(JSON.stringify(all, null, 2));
}
