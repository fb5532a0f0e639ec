/** The types of steps, one row each: what others than their runner know of them. A type without a row does not compile. */
import type { Step } from "../schema/flow.ts";
import type { StepView } from "../schema/views.ts";

interface StepTraits<S extends Step> {
  /** An attempt sends a request, so that its exchange is stored. */
  readonly sendsRequest: boolean;
  /** A reply that comes after the step has ended is logged (CD7). */
  readonly logsLateReply: boolean;
  /** The id of a step run as others know it, and the request as it is configured. */
  readonly show: (step: S, runId: string | null) => Pick<StepView, "correlationId" | "invocationId" | "request">;
  /** How an execution ends whose wait lasted too long (LD10, CD6). */
  readonly expired: { readonly message: string; readonly technicalStatus?: string };
}

const NO_CALLBACK = "No callback came within the waiting limit.";

const STEP_TYPES: { readonly [T in Step["type"]]: StepTraits<Extract<Step, { type: T }>> } = {
  http: {
    sendsRequest: true,
    logsLateReply: false,
    show: ({ async, method, url }, runId) => ({
      ...(async && runId !== null && { correlationId: runId }),
      request: { method, url },
    }),
    expired: {
      message: `${NO_CALLBACK} Document status set to Failed, technical status Timeout.`,
      technicalStatus: "Timeout",
    },
  },
  adapter: {
    sendsRequest: true,
    logsLateReply: true,
    show: (_, runId) => (runId === null ? {} : { invocationId: runId }),
    expired: { message: "The adapter was unresponsive: no callback came before its token expired." },
  },
  transform: {
    sendsRequest: false,
    logsLateReply: false,
    show: () => ({}),
    expired: { message: NO_CALLBACK },
  },
};

export const traitsOf = (step: Step) => STEP_TYPES[step.type] as StepTraits<Step>;
