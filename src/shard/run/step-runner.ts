/** Runs one attempt of a step, and makes the result in the end, with the bindings of the object. */
import type { Config } from "../../config.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import type { Step } from "../../core/schema/flow.ts";
import type { Purpose } from "../../core/security/signed-id.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { Queries } from "../queries.ts";
import type { HttpClient } from "../send/http-client.ts";
import { invokeAdapter } from "./steps/adapter.ts";
import type { Attempt } from "./steps/attempt.ts";
import { sendHttp } from "./steps/http.ts";
import { runOutput, runTransform } from "./steps/transform.ts";

interface StepRunnerParts {
  readonly executions: Executions;
  readonly queries: Queries;
  readonly store: ConfigStore;
  readonly bucket: R2Bucket;
  readonly http: HttpClient;
  readonly config: Config;
  readonly id: (purpose: Purpose, sequence: number, run?: number) => string;
}

/** The input of an attempt, whatever the type of its step. */
interface AttemptInput extends StepRunnerParts {
  readonly execution: Execution;
  readonly snapshot: FlowSnapshot;
  readonly message: Body;
}

/** One row for each type of step; a type without a row does not compile. */
const RUN: {
  readonly [T in Step["type"]]: (step: Extract<Step, { type: T }>, input: AttemptInput) => Promise<Attempt>;
} = {
  http: (step, input) => {
    const { config, store, id, execution, snapshot } = input;
    const { sequence, run, attempts, origin } = execution;
    return sendHttp(step, {
      ...requestContext(input),
      trigger: snapshot.trigger,
      run,
      secret: (name) => store.secrets.value(snapshot.workspace.id, name),
      correlationId: () => id("correlation", sequence, run),
      attempt: attempts + 1,
      callbackUrl: `${config.publicUrl ?? origin}/cb`,
    });
  },
  adapter: async (step, input) => {
    const { config, store, id, execution, snapshot } = input;
    return invokeAdapter(step, {
      ...requestContext(input),
      adapter: await store.adapters.current(snapshot.workspace.id, step.adapter),
      signingKey: config.signingKeys[0],
      flowId: snapshot.flow.id,
      invocationId: id("correlation", execution.sequence, execution.run),
    });
  },
  transform: (step, { bucket, id, execution, snapshot, message }) => {
    const { workspace, trigger } = snapshot;
    const names = { executionId: id("execution", execution.sequence), trigger };
    return runTransform(step, { bucket, workspaceId: workspace.id }, message, names);
  },
};

/** The input that all steps share which send a request. */
const requestContext = ({ bucket, http, config, queries, id, execution, snapshot, message }: AttemptInput) => ({
  ...{ bucket, http, message },
  workspaceId: snapshot.workspace.id,
  executionId: id("execution", execution.sequence),
  traceContext: execution.traceContext,
  ownOrigins: [config.publicUrl, execution.origin],
  allowPrivateDestinations: config.allowPrivateDestinations,
  isWanted: () => queries.isCurrent(execution),
});

export class StepRunner {
  readonly #parts: StepRunnerParts;

  constructor(parts: StepRunnerParts) {
    this.#parts = parts;
  }

  /** Makes one attempt of a step. */
  async attempt(step: Step, execution: Execution, snapshot: FlowSnapshot): Promise<Attempt> {
    const run = RUN[step.type] as (step: Step, input: AttemptInput) => Promise<Attempt>;
    const message = this.#body(execution.sequence, "message");
    return run(step, { ...this.#parts, execution, snapshot, message });
  }

  /** The result of an execution that the output template makes when all steps are done; null without a template. */
  async finish({ sequence, request }: Execution, { output, workspace }: FlowSnapshot): Promise<Attempt | null> {
    if (output === undefined) return null;
    const [input, message] = [this.#body(sequence, "input"), this.#body(sequence, "message")];
    const place = { bucket: this.#parts.bucket, workspaceId: workspace.id };
    return runOutput(output, place, { request, input, message });
  }

  #body(sequence: number, which: "message" | "input"): Body {
    const body = this.#parts.executions.body(sequence, which);
    if (!body) throw new Error("an execution has no body");
    return body;
  }
}
