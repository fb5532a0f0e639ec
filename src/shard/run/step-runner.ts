/** Runs one attempt of a step, and makes the result in the end, with what the object has. */
import type { Config } from "../../config.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import type { AdapterStep, Step } from "../../core/schema/flow.ts";
import type { Purpose } from "../../core/security/signed-id.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { HttpClient } from "../send/http-client.ts";
import { invokeAdapter } from "./steps/adapter.ts";
import type { Attempt } from "./steps/attempt.ts";
import { sendHttp } from "./steps/http.ts";
import { runOutput, runTransform } from "./steps/transform.ts";

interface StepRunnerParts {
  readonly executions: Executions;
  readonly store: ConfigStore;
  readonly bucket: R2Bucket;
  readonly http: HttpClient;
  readonly config: Config;
  /** Whether an attempt of the execution is under way. */
  readonly isSending: (sequence: number) => boolean;
  readonly id: (purpose: Purpose, sequence: number, run?: number) => string;
}

export class StepRunner {
  readonly #parts: StepRunnerParts;

  constructor(parts: StepRunnerParts) {
    this.#parts = parts;
  }

  /** Makes one attempt of the current step. */
  async attempt(step: Step, execution: Execution, snapshot: FlowSnapshot): Promise<Attempt> {
    const { bucket, http, config, store, id } = this.#parts;
    const { sequence, run, origin, traceContext } = execution;
    const message = this.#body(sequence, "message");
    const [workspaceId, trigger, executionId] = [snapshot.workspace.id, snapshot.trigger, id("execution", sequence)];
    if (step.type === "transform")
      return runTransform(step, { bucket, workspaceId }, message, { executionId, trigger });
    if (step.type === "adapter") return this.#invoke(step, execution, snapshot, message);
    return sendHttp(step, {
      ...{ bucket, http, workspaceId, message, executionId, trigger, run, traceContext },
      ownOrigins: [config.publicUrl, origin],
      secret: (name) => store.secrets.value(workspaceId, name),
      allowPrivateDestinations: config.allowPrivateDestinations,
      correlationId: () => id("correlation", sequence, run),
      isWanted: () => this.#parts.isSending(sequence),
      attempt: execution.attempts + 1,
      callbackUrl: `${config.publicUrl ?? origin}/cb`,
    });
  }

  /** What the output template makes when all steps are done; null without one. */
  async finish({ sequence, request }: Execution, { output, workspace }: FlowSnapshot): Promise<Attempt | null> {
    if (output === undefined) return null;
    const [input, message] = [this.#body(sequence, "input"), this.#body(sequence, "message")];
    const place = { bucket: this.#parts.bucket, workspaceId: workspace.id };
    return runOutput(output, place, { request, input, message });
  }

  async #invoke(
    step: AdapterStep,
    { sequence, run, origin, traceContext }: Execution,
    snapshot: FlowSnapshot,
    message: Body,
  ): Promise<Attempt> {
    const { bucket, http, config, store, id } = this.#parts;
    const workspaceId = snapshot.workspace.id;
    return invokeAdapter(step, {
      ...{ bucket, http, workspaceId, message, traceContext },
      ownOrigins: [config.publicUrl, origin],
      adapter: await store.adapters.current(workspaceId, step.adapter),
      signingKey: config.signingKeys[0],
      allowPrivateDestinations: config.allowPrivateDestinations,
      flowId: snapshot.flow.id,
      executionId: id("execution", sequence),
      invocationId: id("correlation", sequence, run),
      isWanted: () => this.#parts.isSending(sequence),
    });
  }

  #body(sequence: number, which: "message" | "input"): Body {
    const body = this.#parts.executions.body(sequence, which);
    if (!body) throw new Error("an execution has no body");
    return body;
  }
}
