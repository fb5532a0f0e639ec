/** Runs each planted bug until its rule finds it, with a few seeds at most. */
import { writeFileSync } from "node:fs";
import { check, countByRule } from "./checks/checker.ts";
import { buildCopy } from "./gateway/build.ts";
import { PLANTED } from "./planted.ts";
import { runFaults } from "./run.ts";

export interface PlantedOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Of them, those whose name contains this. */
  readonly only: string;
  readonly sources: string;
  /** Where the histories are written, if they are. */
  readonly keep?: string | undefined;
}

const SEEDS = 3;

/** Whether every one of the bugs was found. */
export async function catchPlanted({ seed: first, seconds, only, sources, keep }: PlantedOptions): Promise<boolean> {
  let areFound = true;
  for (const { name, patches, rules } of PLANTED.filter((bug) => bug.name.includes(only))) {
    using built = buildCopy(patches, sources);
    let found: Record<string, number> = {};
    const isFound = () => rules.some((rule) => (found[rule] ?? 0) > 0);
    for (let seed = first; seed < first + SEEDS && !isFound(); seed++) {
      const run = await runFaults({ seed, seconds, worker: built.worker });
      const violations = check(run);
      found = countByRule(violations);
      if (keep !== undefined) writeFileSync(`${keep}-${seed}.json`, JSON.stringify({ ...run, violations }));
    }
    const said = Object.entries(found).map(([rule, count]) => `${rule} ${count}`);
    console.log(`${isFound() ? "found" : "NOT FOUND"}: ${name} (${said.join(", ") || "nothing"})`);
    areFound &&= isFound();
  }
  return areFound;
}
