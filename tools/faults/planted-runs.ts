/** Runs each planted bug until its rule finds it, with a few seeds at most. */
import { writeFileSync } from "node:fs";
import { check, countByRule } from "./checks/checker.ts";
import { buildCopy } from "./gateway/build.ts";
import { PLANTED } from "./planted.ts";
import type { Profile } from "./profiles/profile.ts";
import { runFaults } from "./run.ts";

interface PlantedOptions {
  readonly seed: number;
  readonly profile: Profile;
  /** Of them, those whose name contains this. */
  readonly only: string;
  readonly sources: string;
  /** Path prefix for the histories; empty for none. */
  readonly keep: string;
}

const SEEDS = 3;

/** Returns true when every bug was found. */
export async function catchPlanted({ seed: first, profile, only, sources, keep }: PlantedOptions): Promise<boolean> {
  let areFound = true;
  for (const { name, patches, rules } of PLANTED.filter((bug) => bug.name.includes(only))) {
    using built = buildCopy(patches, sources);
    let found: Record<string, number> = {};
    const isFound = () => rules.some((rule) => (found[rule] ?? 0) > 0);
    for (let seed = first; seed < first + SEEDS && !isFound(); seed++) {
      const run = await runFaults({ seed, profile, worker: built.worker });
      const violations = check(run);
      found = countByRule(violations);
      if (keep) writeFileSync(`${keep}-${seed}.json`, JSON.stringify({ ...run, violations }));
    }
    const said = Object.entries(found).map(([rule, count]) => `${rule} ${count}`);
    console.log(`${isFound() ? "found" : "NOT FOUND"}: ${name} (${said.join(", ") || "nothing"})`);
    areFound &&= isFound();
  }
  return areFound;
}
