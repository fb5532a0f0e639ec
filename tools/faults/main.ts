/**
 * `npm run faults -- [--profile mixed|order|burst|waits] [--seed N] [--seconds N] [--runs N] [--json] [--planted]`: real
 * load on a real gateway under faults; see docs/reliability.md.
 */
import { writeFileSync } from "node:fs";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { check, countByRule } from "./checks/checker.ts";
import { figuresOf, rowsOf } from "./figures.ts";
import { buildCopy } from "./gateway/build.ts";
import { catchPlanted } from "./planted-runs.ts";
import { burst, order, waits } from "./profiles/counted.ts";
import { mixed } from "./profiles/mixed.ts";
import { runFaults } from "./run.ts";

const options = readOptions({
  profile: "mixed",
  seed: drawSeed(),
  /** Seconds of load in each run of the mixed profile; 0 is 120, or 30 with planted bugs. */
  seconds: 0,
  /** Runs with consecutive seeds. */
  runs: 1,
  /** Of the other profiles; 0 is the profile's own number. */
  messages: 0,
  lanes: 0,
  senders: 0,
  shards: 0,
  restarts: -1,
  /** Leaves the trigger without what the checker expects: the run has to fail. */
  weakened: false,
  /** Prints the figures as JSON. */
  json: false,
  /** Runs the planted bugs, each of which must be found. */
  planted: false,
  /** Of them, those whose name contains this. */
  only: "",
  /** Path prefix for the histories, as JSON. */
  keep: "",
  /** Folder of the sources, for another version than this one. */
  sources: ".",
});
const { seed: first, runs, json, planted, only, keep, sources } = options;
const { restarts, messages, lanes, senders, shards } = options;
const counts = {
  ...{ ...(messages && { messages }), ...(lanes && { lanes }), ...(senders && { senders }), ...(shards && { shards }) },
  ...{ ...(restarts >= 0 && { restarts }), isWeakened: options.weakened },
};
const PROFILES = {
  mixed: () => mixed(options.seconds || (planted ? 30 : 120), senders || undefined),
  order: () => order(counts),
  burst: () => burst(counts),
  waits: () => waits(counts),
};
const profile = PROFILES[options.profile as keyof typeof PROFILES]?.();
if (!profile) throw new Error(`profiles: ${Object.keys(PROFILES).join(", ")}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

if (planted) {
  process.exitCode = (await catchPlanted({ seed: first, profile, only, sources, keep })) ? 0 : 1;
} else {
  using built = buildCopy([], sources);
  const all: object[] = [];
  for (let seed = first; seed < first + runs; seed++) {
    const run = await runFaults({ seed, profile, worker: built.worker });
    const violations = check(run);
    const figures = figuresOf(run);
    all.push({ seed, figures, violations: violations.length });
    if (!json) {
      printTable([["seed", seed], ...rowsOf(figures), ["violations", violations.length]]);
      for (const [rule, count] of Object.entries(countByRule(violations))) console.log(`  ${rule}: ${count}`);
      for (const { rule, detail } of violations.slice(0, 20)) console.log(`  ${rule}: ${detail}`);
    }
    if (violations.length > 0) process.exitCode = 1;
    if (keep) writeFileSync(`${keep}-${seed}.json`, JSON.stringify({ ...run, violations }));
  }
  if (json) console.log(JSON.stringify(all, null, 2));
}
