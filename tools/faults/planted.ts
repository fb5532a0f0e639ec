/** Bugs that the harness must find: each is planted in a copy of the sources, and a run of that copy must not pass. */
import type { Patch } from "./gateway/build.ts";

interface PlantedBug {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** One of these rules has to say so. */
  readonly rules: readonly string[];
}

const bug = (
  name: string,
  rules: string[],
  ...patches: [file: string, find: string, replace: string][]
): PlantedBug => ({
  name,
  rules,
  patches: patches.map(([file, find, replace]) => ({ file, find, replace })),
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are pieces of sources
export const PLANTED: readonly PlantedBug[] = [
  bug(
    "a lane does not wait for a callback",
    ["one-at-a-time", "width", "overlap"],
    [
      "src/shard/queue/run-queue.ts",
      "    if (entry.lane !== null) this.#advance(entry.lane, this.#lane(entry.lane));",
      `    if (entry.lane !== null) {
      this.#lane(entry.lane).leave(entry.sequence);
      this.#advance(entry.lane, this.#lane(entry.lane));
    }`,
    ],
  ),
  bug(
    "the claim of a single use is not durable",
    ["used-twice"],
    [
      "src/shard/callbacks/calls.ts",
      "if (!allowMultipleCalls && !retryableAfterError) {",
      'if (!allowMultipleCalls && !retryableAfterError && call.method === "nothing") {',
    ],
  ),
  bug(
    "each attempt has an idempotency key of its own",
    ["key"],
    [
      "src/shard/run/steps/http.ts",
      "const idempotencyKey = ({ workspaceId, executionId, run }: SendContext) =>",
      "const idempotencyKey = ({ workspaceId, executionId, attempt: run }: SendContext) =>",
    ],
  ),
  bug(
    "a message is answered before it is written",
    ["lost"],
    [
      "src/shard/write/admission.ts",
      "    const { dedup } = arrival;\n    const { dedupKeys, executions } = this.#parts;\n    return this.#parts.commit.run((write) => {",
      `    const { dedup } = arrival;
    const { dedupKeys, executions } = this.#parts;
    if (!dedup) {
      const sequence = nextSequence(this.#lastSequence, Date.now());
      this.#lastSequence = sequence;
      setTimeout(() => void this.#parts.commit.run((write) => this.admit(write, arrival, sequence)), 100);
      return Promise.resolve({ sequence, as: "new" as const });
    }
    return this.#parts.commit.run((write) => {`,
    ],
    [
      "src/shard/write/admission.ts",
      "admit(write: Write, arrival: Arrival): number | Full {",
      "admit(write: Write, arrival: Arrival, given?: number): number | Full {",
    ],
    [
      "src/shard/write/admission.ts",
      "const sequence = nextSequence(this.#lastSequence, createdAt);",
      "const sequence = given ?? nextSequence(this.#lastSequence, createdAt);",
    ],
  ),
  bug(
    "a callback for an earlier run counts",
    ["earlier-run", "answered-twice"],
    [
      "src/shard/results/link-callback.ts",
      "!isFinished(execution) && execution.run === run;",
      "!isFinished(execution) && execution.run >= run;",
    ],
  ),
  bug(
    "what waits is not found again after a restart",
    ["lost", "one-at-a-time", "overlap", "width", "order"],
    [
      "src/shard/queue/recovery.ts",
      "const rows = executions.unfinished(recoveryIndex.checkpoint());",
      'const rows = executions.unfinished(recoveryIndex.checkpoint()).filter(({ status }) => status !== "waiting");',
    ],
  ),
  bug(
    "a key of a repeated message is ignored",
    ["accepted-twice", "replay"],
    [
      "src/shard/write/admission.ts",
      'if (known) return { sequence: known.value, as: isSame ? "known" : "replayed" };',
      "",
    ],
  ),
  bug(
    "a message that is handed in once more is not known",
    ["accepted-twice"],
    [
      "src/shard/write/admission.ts",
      "if (submissionId === undefined) return null;",
      "if (submissionId !== null) return null;",
    ],
  ),
  bug(
    "Retry-After is not honoured",
    ["retry-after"],
    [
      "src/shard/run/steps/http.ts",
      'const retry = verdict.kind === "retryable" ? { ...step.retry, afterMs } : null;',
      'const retry = verdict.kind === "retryable" ? { ...step.retry, afterMs: afterMs && 0 } : null;',
    ],
  ),
  bug(
    "a cancelled execution is taken on by its callback",
    ["cancelled", "outcome", "result", "answered-twice"],
    [
      "src/shard/results/link-callback.ts",
      "const isCurrent = !isFinished(execution) && execution.run === run;",
      "const isCurrent = execution.run === run;",
    ],
  ),
  bug(
    "a lane starts with its newest execution",
    ["order"],
    [
      "src/shard/queue/ordered-set.ts",
      "if (!this.#large) return this.#sorted[0];",
      "if (!this.#large) return this.#sorted.at(-1);",
    ],
  ),
  bug(
    "an adapter's 4xx is a bug",
    ["result"],
    [
      "src/shard/run/steps/adapter.ts",
      'const failure = status >= 400 && status < 500 ? "error" : "bug";',
      'const failure = "bug";',
    ],
  ),
  bug(
    "a retryable failure of a step is its end",
    ["result"],
    [
      "src/core/execution/response-class.ts",
      'if (status >= 500) return { kind: "retryable", failure: "bug" };',
      'if (status >= 500) return { kind: "terminal", failure: "error" };',
    ],
  ),
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
