/** The workspace under faults: a trigger and a flow for each feature, small limits, and how often each is used. */

import type { StepInput, TriggerInput } from "../../../src/client/index.ts";

/** A trigger but for its flow. */
type TriggerSettings = Omit<TriggerInput, "flow">;

export interface Feature {
  readonly name: string;
  readonly steps: readonly FeatureStep[];
  /** The trigger, beside its flow. */
  readonly trigger: TriggerSettings;
  /** Lanes by key; 0 without. */
  readonly lanes: number;
  readonly isOrdered: boolean;
  /** Most executions that run at a time. */
  readonly width?: number;
  readonly rate?: { readonly limit: number; readonly perSeconds: number };
  /** True when callers wait for the result. */
  readonly waits?: boolean;
  /** True when the trigger has its own deduplication key. */
  readonly hasOwnKey?: boolean;
  /** Its partners read every request and succeed at last; the checker is stricter then. The share of attempts that they refuse. */
  readonly strict?: { readonly refusals: number };
  /** Longest wait for a callback, in seconds; `WAIT_SECONDS` unless set. */
  readonly waitSeconds?: number;
  readonly weight: number;
}

interface FeatureStep {
  readonly name: string;
  readonly kind: "http" | "link" | "adapter" | "transform";
  readonly progress?: boolean;
  readonly keepsMessage?: boolean;
}

/** Delays between attempts, in seconds: one schedule for all, short enough for a run. */
const DELAYS_SECONDS = [0.05, 0.1, 0.2, 0.5, 1];
/** Longest time of one attempt, and of a wait for a callback, in seconds. */
export const ATTEMPT_SECONDS = 4;
export const WAIT_SECONDS = 8;

const http = (name: string): FeatureStep => ({ name, kind: "http" });
const byKey = (more = {}) => ({ query: [{ name: "lane" }], orderedDelivery: { key: "{{ query.lane }}", ...more } });

const ask: FeatureStep = { name: "ask", kind: "link" };
const convert: FeatureStep = { name: "convert", kind: "adapter" };
const shape: FeatureStep = { name: "shape", kind: "transform" };
const [a, b] = [http("a"), http("b")];
const ordered = (lanes: number, weight: number) => ({ isOrdered: true, lanes, weight });
const waiting = (timeoutSeconds: number) => ({ requestResponse: { timeoutSeconds } });
const RATE = { limit: 8, perSeconds: 1 };

/** The features of the mixed profile. The checker knows their promises by name; the gateway only sees the triggers. */
export const FEATURES: readonly Feature[] = [
  feature("line", [a], { orderedDelivery: true, ...waiting(2) }, { isOrdered: true, waits: true, weight: 6 }),
  feature("lanes", [a, b], byKey(), ordered(8, 20)),
  feature("wait-lanes", [ask, b], byKey(), ordered(8, 7)),
  feature("adapter-lanes", [convert, b], byKey(), ordered(6, 6)),
  feature("blocking", [a], byKey({ onFailure: "block" }), ordered(3, 5)),
  feature("free", [a, shape, b], {}, { weight: 14 }),
  feature("narrow", [a], { maxConcurrency: 3 }, { width: 3, weight: 8 }),
  feature("narrow-wait", [ask], { maxConcurrency: 8 }, { width: 8, weight: 6 }),
  feature("paced", [a], { rate: RATE }, { rate: RATE, weight: 4 }),
  feature("direct", [a], waiting(3), { waits: true, weight: 10 }),
  feature("direct-wait", [ask], waiting(3), { waits: true, weight: 6 }),
  feature("ask", [{ ...ask, progress: true }, b], {}, { weight: 12 }),
  feature("check", [{ ...ask, keepsMessage: true }, b], {}, { weight: 6 }),
  feature("convert", [{ ...convert, progress: true }, b], {}, { weight: 12 }),
  feature("deliveries", [a], { deduplicate: { key: "{{ headers['x-delivery'] }}" } }, { hasOwnKey: true, weight: 8 }),
  // Started by callbacks only, so it has no trigger.
  feature("landing", [a], {}, { weight: 0 }),
];

const LONG_WAIT = { strict: { refusals: 0 }, waitSeconds: 1_800, weight: 0 };
const STRICT_FEATURES: readonly Feature[] = [
  feature("order", [a], byKey(), { isOrdered: true, strict: { refusals: 0.05 }, weight: 0 }),
  feature("burst", [a], { maxConcurrency: 5 }, { width: 5, strict: { refusals: 0 }, weight: 0 }),
  feature("waits", [ask, b], {}, LONG_WAIT),
  feature("adapter-waits", [convert, b], {}, LONG_WAIT),
];

export const featureOf = new Map([...FEATURES, ...STRICT_FEATURES].map((one) => [one.name, one]));

export function featureNamed(name: string): Feature {
  const found = featureOf.get(name);
  if (!found) throw new Error(`there is no feature ${name}`);
  return found;
}

function feature(
  name: string,
  steps: readonly FeatureStep[],
  trigger: TriggerSettings,
  more: Partial<Feature> & { readonly weight: number },
): Feature {
  return { name, steps, trigger, lanes: 0, isOrdered: false, ...more };
}

/** The steps of a flow as the API takes them. @param version part of the partner's URL, so that requests show which flow ran. */
export function stepsOf(
  { name: flow, steps, waitSeconds = WAIT_SECONDS }: Feature,
  partner: string,
  adapters: ReadonlyMap<string, string>,
  version: number,
): StepInput[] {
  return steps.map(({ name, kind, progress = false, keepsMessage = false }) => {
    if (kind === "transform")
      return { name, type: kind, template: '{"message": {{ message.message }}, "step": "shape"}' };
    if (kind === "adapter") return { name, type: kind, adapter: adapters.get(flow) ?? "", progress };
    return {
      ...{ name, type: "http", url: `${partner}/${flow}/${name}?version=${version}`, timeoutSeconds: ATTEMPT_SECONDS },
      retry: { delaysSeconds: DELAYS_SECONDS },
      ...(kind === "link" && {
        async: true,
        progress,
        useAsyncResponseBody: !keepsMessage,
        callbackTimeoutSeconds: waitSeconds,
      }),
    };
  });
}
