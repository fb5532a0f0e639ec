/** Operators: retry, cancel and resubmit executions, release and pause lanes, and change flows. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Draw, seeded } from "../../lib/seeded.ts";
import type { Op, Recorder } from "../checks/history.ts";
import { ask } from "./client.ts";
import type { FreshTrigger } from "./load.ts";
import type { FaultWorkspace } from "./workspace.ts";

interface OperatorOptions {
  readonly recorder: Recorder;
  readonly seed: number;
  readonly gateway: string;
  readonly workspace: FaultWorkspace;
  readonly token: string;
  readonly isOver: () => boolean;
  /** Executions that clients know, oldest first. */
  readonly known: readonly string[];
  /** Triggers that operators have added. */
  readonly fresh: FreshTrigger[];
}

interface LaneView {
  readonly id: string;
  readonly head: { readonly executionId: string } | null;
  readonly blockedSince: string | null;
  readonly paused: boolean;
}

const OPERATORS = 3;
const PAUSE_MS = 250;
/** Operators choose among the newest executions. */
const RECENT = 200;
/** Flows that operators change; the version is part of the partner's URL. */
const CHANGING = ["free", "lanes", "ask"];
const CHANGE_EVERY = 8;

export async function operateAll(options: OperatorOptions): Promise<void> {
  const actions = new OperatorActions(options);
  const operator = async (place: number) => {
    for (let n = place; !options.isOver(); n += OPERATORS) {
      const draw = (what: string) => seeded(options.seed, "operator", what, n);
      await actions.act(draw, n);
      await sleep(draw("pause") * PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: OPERATORS }, (_, n) => operator(n + 1)));
}

/** Releases every lane until none is blocked or paused. */
export async function releaseLanes(options: OperatorOptions): Promise<void> {
  const actions = new OperatorActions(options);
  for (let rounds = 0; rounds < 100 && (await actions.releaseAll()) > 0; rounds++) await sleep(100);
}

class OperatorActions {
  readonly #options: OperatorOptions;
  readonly #api: string;
  readonly #headers: Record<string, string>;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.#api = `${options.gateway}/api/v1${options.workspace.path}`;
    this.#headers = { authorization: `Bearer ${options.token}`, "content-type": "application/json" };
  }

  async act(draw: Draw, n: number): Promise<void> {
    const { known } = this.#options;
    const recent = known[known.length - 1 - Math.floor(draw("which") ** 2 * Math.min(RECENT, known.length))];
    const changes = n % CHANGE_EVERY === 0 ? n / CHANGE_EVERY : null;
    const changed = CHANGING[(changes ?? 0) % CHANGING.length] ?? "free";
    if (changes !== null) await (changes % 2 ? this.#change(changed, 1 + changes) : this.#add(changed, changes));
    if (recent !== undefined && draw("cancel") < 0.15) await this.#operate("cancel", recent);
    if (recent !== undefined && draw("resubmit") < 0.15) await this.#operate("resubmit", recent);
    if (draw("retry") < 0.5) await this.#retryFailed(draw);
    await this.#releaseSomeLanes(draw);
  }

  async releaseAll(): Promise<number> {
    const lanes = await this.#lanes();
    const stopped = lanes?.filter(({ blockedSince, paused }) => blockedSince !== null || paused) ?? [];
    for (const lane of stopped) await this.#operateLane(lane, lane.paused ? "resume" : "skip");
    return lanes === null ? 1 : stopped.length;
  }

  #operate(action: "retry" | "cancel" | "resubmit", executionId: string) {
    const op: Op = { what: action, executionId };
    return this.#post(op, `/executions/${executionId}/${action}`);
  }

  async #retryFailed(draw: Draw): Promise<void> {
    const failed = await this.#get<{ items: { id: string }[] }>("/executions?status=failed&limit=10");
    const one = failed?.items[Math.floor(draw("failed") * failed.items.length)];
    if (one) await this.#operate("retry", one.id);
  }

  async #releaseSomeLanes(draw: Draw): Promise<void> {
    const lanes = await this.#lanes();
    if (!lanes) return;
    for (const lane of lanes) {
      if (lane.blockedSince !== null && draw(`take ${lane.id}`) < 0.7) {
        await this.#operateLane(lane, draw("retry lane") < 0.5 ? "retry" : "skip");
      }
      if (lane.paused && draw(`resume ${lane.id}`) < 0.6) await this.#operateLane(lane, "resume");
    }
    const one = lanes[Math.floor(draw("lane") * lanes.length)];
    if (one && !one.paused && draw("pause lane") < 0.04) await this.#operateLane(one, "pause");
  }

  #operateLane({ id, head }: LaneView, action: "retry" | "skip" | "pause" | "resume") {
    const op: Op = { what: "lane", action, lane: id, head: head?.executionId ?? null };
    return this.#post(op, `/lanes/${encodeURIComponent(id)}/${action}`);
  }

  async #lanes(): Promise<LaneView[] | null> {
    return (await this.#get<{ items: LaneView[] }>("/lanes?limit=100"))?.items ?? null;
  }

  async #change(feature: string, version: number): Promise<void> {
    await this.#configure(feature, version, () => this.#options.workspace.change(feature, version));
  }

  async #add(feature: string, version: number): Promise<void> {
    const { fresh, recorder, workspace } = this.#options;
    const trigger = `${feature}-${version}`;
    const isMade = await this.#configure(trigger, version, () => workspace.addTrigger(trigger, feature));
    if (isMade) fresh.push({ trigger, feature, since: recorder.now });
  }

  async #configure(feature: string, version: number, put: () => Promise<void>): Promise<boolean> {
    const { recorder } = this.#options;
    const call = recorder.call({ what: "configure", feature, version });
    const isDone = await put().then(
      () => true,
      () => false,
    );
    // It may have been done all the same.
    recorder.note({ kind: "answer", call, status: isDone ? 200 : "left" });
    return isDone;
  }

  #post(op: Op, path: string) {
    return ask(this.#options.recorder, op, this.#api + path, { method: "POST", headers: this.#headers });
  }

  /** The gateway's answer; null while it is down. */
  async #get<T>(path: string): Promise<T | null> {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(this.#api + path, { headers: this.#headers, signal }).catch(() => null);
    if (!response?.ok) return null;
    return response.json().then(
      (value) => value as T,
      () => null,
    );
  }
}
