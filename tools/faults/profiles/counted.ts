/** A fixed number of messages, with SIGKILLs at even distances, to partners that miss nothing and succeed at last. */
import { seeded } from "../../lib/seeded.ts";
import { waitUntilQuiet } from "../collect.ts";
import { featureNamed } from "../load/features.ts";
import { sendCounted } from "../load/load.ts";
import type { Driven, LoadContext, Profile } from "./profile.ts";
import { killAndRestart } from "./schedule.ts";

interface CountedOptions {
  readonly messages?: number;
  readonly lanes?: number;
  /** Senders and callers that run at the same time. */
  readonly senders?: number;
  readonly restarts?: number;
  readonly shards?: number;
  /** Leaves the trigger without what the checker expects of it, for a run that must fail. */
  readonly isWeakened?: boolean;
}

const DRAIN_MS = 300_000;
const NOTHING: Driven = { minted: new Map(), r2Failures: 0, staleReads: 0 };

/** Many senders to few lanes (N14, ND7). */
export const order = (options: CountedOptions = {}): Profile => {
  const { messages = 10_000, lanes = 20, senders = 50, restarts = 1, isWeakened } = options;
  const feature = featureNamed("order");
  const { orderedDelivery: _, ...unordered } = feature.trigger;
  return {
    features: [{ ...feature, ...(isWeakened && { trigger: unordered }) }],
    drainMs: DRAIN_MS,
    drive: async (context) => {
      const kills = killsAt(context, messages, restarts);
      const laneOf = (message: number) => `lane-${Math.floor(seeded(context.seed, "lane", message) * lanes)}`;
      await sendCounted({ ...context, features: [feature], messages, senders, laneOf, onAccepted: kills.at });
      return drain(context, kills);
    },
  };
};

/** A burst on a trigger that allows a few executions at a time (N15, ND9). */
export const burst = (options: CountedOptions = {}): Profile => {
  const { messages = 5_000, senders = 200, restarts = 0, isWeakened } = options;
  const feature = featureNamed("burst");
  return {
    features: [{ ...feature, ...(isWeakened && { trigger: { maxConcurrency: (feature.width ?? 0) + 3 } }) }],
    drainMs: DRAIN_MS,
    drive: async (context) => {
      const kills = killsAt(context, messages, restarts);
      await sendCounted({ ...context, features: [feature], messages, senders, onAccepted: kills.at });
      return drain(context, kills);
    },
  };
};

/** Executions that all wait at once, each called back twice with different contents, in random order (LD8, CD7). */
export const waits = (options: CountedOptions = {}): Profile => {
  const { messages = 2_000, senders = 50, restarts = 0, shards = 4 } = options;
  const features = ["waits", "adapter-waits"].map(featureNamed);
  return {
    features,
    shards,
    holdsCallbacks: true,
    drainMs: DRAIN_MS,
    drive: async (context) => {
      const { signals, workspace } = context;
      await sendCounted({ ...context, features, messages, senders });
      await waitUntilQuiet(workspace.client, DRAIN_MS, ["queued", "running", "retrying"]);
      const kills = killsAt(context, 2 * messages, restarts);
      await signals.answerHeld(senders, kills.at);
      return drain(context, kills);
    },
  };
};

interface Kills {
  /** Is called with the number of messages or calls that have been answered so far. */
  at(count: number): void;
  done(): Promise<void>;
}

function killsAt({ gateway, recorder }: LoadContext, total: number, restarts: number): Kills {
  const places = Array.from({ length: restarts }, (_, n) => Math.floor((total * (n + 1)) / (restarts + 1)));
  let running = Promise.resolve();
  return {
    at: (count) => {
      if (places.includes(count)) running = running.then(() => killAndRestart(gateway, recorder, 0));
    },
    done: () => running,
  };
}

/** Partners stay as they are until every execution has ended. */
async function drain({ workspace, recorder }: LoadContext, kills: Kills): Promise<Driven> {
  await kills.done();
  recorder.note({ kind: "loaded" });
  await waitUntilQuiet(workspace.client, DRAIN_MS);
  return NOTHING;
}
