/** Configuration: a change is in force everywhere within about a minute, and nothing runs that was never configured (ND16). */
import type { Index, Violation } from "./index.ts";

/** Cache time of an isolate plus the time for which KV may return the old value. */
export const EVERYWHERE_MS = 75_000;

export function* checkVersions(index: Index): Generator<Violation> {
  const changes = Map.groupBy(index.of("configure"), ({ op }) => op.feature);
  for (const { executionId, version, step } of index.requests) {
    const view = index.views.get(executionId);
    if (!view || step === "convert") continue;
    const own = changes.get(view.flow) ?? [];
    const first = index.sendsOf(String(view.message)).at(0);
    if (version !== 1 && !own.some(({ op }) => op.version === version)) {
      yield { rule: "version", detail: `${executionId} ran version ${version} of ${view.flow}, which there never was` };
    }
    // Taken up again later, it runs what is configured then.
    if (!first || view.resubmittedFrom !== undefined) continue;
    const old = own.find(
      ({ op, answer, endAt }) => op.version > version && answer.status === 200 && first.at > endAt + EVERYWHERE_MS,
    );
    if (old)
      yield { rule: "version", detail: `${executionId} ran version ${version} long after version ${old.op.version}` };
  }
}
