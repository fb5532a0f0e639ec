/**
 * Handles the calls of callbacks.
 *
 * A claim lets one of many simultaneous callers through. Where a callback is not retryable, the claim closes the row
 * before the handler runs, so that a crash leaves it used. Where it is retryable, the claim is in memory only, so that a
 * crash leaves it usable (GD6). An activity inside the shard is one write together with the use of its callback.
 */

import { addCall, type CallRecord, redactHeaders } from "../../core/callback/call-record.ts";
import { type CallAnswer, type Callback, decideCall, isStorable } from "../../core/callback/callback.ts";
import { retentionEnd } from "../../core/execution/retention.ts";
import { makeSnapshot, textOfSnapshot } from "../../core/execution/snapshot.ts";
import { type Body, decodeText } from "../../core/message/body.ts";
import { readTraceContext } from "../../core/message/trace-context.ts";
import type { Flow } from "../../core/schema/flow.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { dropBodies, loadBody } from "../../storage/bodies/bodies.ts";
import { ownBodies } from "../../storage/bodies/owned-bodies.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { recordId } from "../../storage/kv/record-id.ts";
import type { Callbacks } from "../../storage/sql/callbacks.ts";
import type { Write } from "../../storage/sql/database.ts";
import type { HttpClient } from "../send/http-client.ts";
import type { Admitter } from "../write/admission.ts";
import type { GroupCommit } from "../write/group-commit.ts";
import { type CallbackCall, type CallResult, recordOf, resultOf } from "./call-result.ts";
import { callHandler, type HandlerResult, responseSettings } from "./handler.ts";

export type UseAnswer =
  | (CallAnswer & { readonly isReplay?: boolean })
  | { readonly kind: "unknown" | "gone" | "busy" | "confirm" | "method" | "too-large" | "unavailable" };

interface CallbackCallsParts {
  readonly callbacks: Callbacks;
  /** Calls in progress, by the key of their callback. */
  readonly claims: Map<number, Claim>;
  readonly admitter: Admitter;
  readonly commit: GroupCommit;
  readonly store: ConfigStore;
  readonly bucket: R2Bucket;
  readonly http: HttpClient;
  readonly allowPrivate: boolean;
  readonly publicUrl: string | null;
  /** The state of a callback. */
  readonly stateOf: (sequence: number) => string;
  readonly executionIdOf: (sequence: number) => string;
}

/** A call in progress. If its callback is closed meanwhile it stays closed, whatever the call results in. */
export interface Claim {
  isClosed: boolean;
}

/** Largest body that a handler gets, in bytes: it is a string within a JSON document. */
const HANDLER_BODY_LIMIT_BYTES = 1024 * 1024;

export class CallbackCalls {
  readonly #parts: CallbackCallsParts;

  constructor(parts: CallbackCallsParts) {
    this.#parts = parts;
  }

  /** Handles a call. Its body belongs to the callback or to the execution that it starts, or is deleted. */
  async use(call: CallbackCall): Promise<UseAnswer> {
    await using bodies = ownBodies(this.#parts.bucket);
    const answer = await this.#use(call);
    const isRecorded = (answer.kind === "answer" || answer.kind === "error") && !answer.isReplay;
    if (!isRecorded) bodies.own(call.body);
    return answer;
  }

  async #use(call: CallbackCall): Promise<UseAnswer> {
    const found = this.#parts.callbacks.get(call.sequence);
    const refused = this.#refuse(found, call);
    if (refused || !found) return refused ?? { kind: "unknown" };
    const { store } = this.#parts;
    const workspace = await store.workspaces.get(found.workspaceName);
    if (!workspace) return { kind: "unavailable" };
    if (workspace.id !== found.workspaceId) return { kind: "gone" };
    switch (found.settings.callbackActivity.type) {
      case "http":
        return call.body.size > HANDLER_BODY_LIMIT_BYTES ? { kind: "too-large" } : this.#useHandler(call, workspace);
      case "flow": {
        const { flow: name } = found.settings.callbackActivity;
        const flow = await store.flows.get(recordId(workspace.id, name));
        // The caller is not to blame, and it may pass: the callback stays unused.
        if (!flow) return { kind: "unavailable" };
        return this.#useAtOnce(call, workspace, (callback, write) => {
          const answered = this.#answered(callback, call, workspace);
          // A call that fails starts nothing: it may be repeated.
          if (answered.answer.kind === "error") return answered;
          const started = this.#startFlow(call, workspace, flow, write);
          return started === null ? null : { ...answered, note: `Started execution ${started}` };
        });
      }
      case "record":
        return this.#useAtOnce(call, workspace, (callback) => this.#answered(callback, call, workspace));
    }
  }

  /** An activity within the shard: claim, activity and use are one write. */
  async #useAtOnce(
    call: CallbackCall,
    workspace: Workspace,
    act: (callback: Callback, write: Write) => CallResult | null,
  ): Promise<UseAnswer> {
    const { callbacks, commit } = this.#parts;
    const { use, dropped } = await commit.run((write) => {
      const callback = callbacks.get(call.sequence);
      const refused = this.#refuse(callback, call);
      if (refused || !callback) return { use: refused ?? ({ kind: "unknown" } as const), dropped: [] };
      const result = act(callback, write);
      if (!result) return { use: { kind: "unavailable" } as const, dropped: [] };
      return { use: result.answer, dropped: this.#settle(write, callback, call, workspace, result) };
    });
    await this.#drop(dropped);
    return use;
  }

  async #useHandler(call: CallbackCall, workspace: Workspace): Promise<UseAnswer> {
    const { callbacks, claims, commit } = this.#parts;
    const claim: Claim = { isClosed: false };
    try {
      const claimed = await commit.run((write) => {
        const callback = callbacks.get(call.sequence);
        const refused = this.#refuse(callback, call);
        if (refused || !callback) return refused ?? ({ kind: "unknown" } as const);
        const { allowMultipleCalls, retryableAfterError } = callback.settings;
        if (!allowMultipleCalls && !retryableAfterError) {
          const closedAt = Date.now();
          callbacks.update(write, call.sequence, { ...callback, closedAt }, retentionEnd(closedAt, workspace));
        }
        if (!allowMultipleCalls) write.after(() => claims.set(call.sequence, claim));
        return callback;
      });
      if (!("sequence" in claimed)) return claimed;
      const handled = await this.#callHandler(claimed, call, workspace).catch((error: unknown): HandlerResult => {
        console.error({ message: "a callback's handler could not be called", error: String(error) });
        return { kind: "failed", note: "The handler could not be called." };
      });
      const { answer, dropped } = await commit.run((write) => {
        const callback = callbacks.get(call.sequence) ?? claimed;
        const result = this.#handled(callback, call, workspace, handled);
        return { answer: result.answer, dropped: this.#settle(write, callback, call, workspace, result) };
      });
      await this.#drop(dropped);
      return answer;
    } finally {
      if (claims.get(call.sequence) === claim) claims.delete(call.sequence);
    }
  }

  /** Accepts the call as a message of a flow; returns the id of its execution, null when the shard is full. */
  #startFlow(call: CallbackCall, workspace: Workspace, flow: Flow, write: Write): string | null {
    const { stateOf, executionIdOf, admitter } = this.#parts;
    const { sequence, method, query, headers, origin, body: input } = call;
    const source = { callbackState: stateOf(sequence), method, query, headers: redactHeaders(headers) };
    const snapshot = textOfSnapshot(makeSnapshot(workspace, null, flow));
    const traceContext = traceContextOf(call);
    const admitted = admitter.admit(write, { snapshot, lane: null, origin, input, call: source, traceContext });
    return typeof admitted === "string" ? null : executionIdOf(admitted);
  }

  async #callHandler({ settings }: Callback, call: CallbackCall, workspace: Workspace): Promise<HandlerResult> {
    const { callbackActivity, callbackActivityCase } = settings;
    if (callbackActivity.type !== "http") throw new Error("this callback has no HTTP handler");
    const { store, allowPrivate, stateOf, http } = this.#parts;
    const input = {
      requestBody: await this.#textOf(call.body),
      requestHeaders: call.headers,
      requestMethod: call.method,
      requestQuery: call.query,
      callbackSystemCase: stateOf(call.sequence),
      ...responseSettings(settings),
    };
    const secret = (name: string) => store.secrets.value(workspace.id, name);
    return callHandler(callbackActivity, callbackActivityCase, input, {
      ...{ secret, allowPrivate, http },
      traceContext: traceContextOf(call),
      ownOrigins: [call.origin],
    });
  }

  async #textOf(body: Body): Promise<string> {
    const loaded = await loadBody(this.#parts.bucket, body, HANDLER_BODY_LIMIT_BYTES);
    if (!loaded) throw new Error("a body is larger than it was");
    return decodeText(loaded);
  }

  #answered(callback: Callback, call: CallbackCall, workspace: Workspace): CallResult {
    return this.#handled(callback, call, workspace, { kind: "done", overrides: {} });
  }

  #handled(callback: Callback, call: CallbackCall, { platformUrl }: Workspace, handled: HandlerResult): CallResult {
    return resultOf(callback, call, handled, platformUrl ?? this.#parts.publicUrl ?? callback.origin);
  }

  /** Writes the outcome of a call (G17 to G19); returns the records that no longer fit. */
  #settle(
    write: Write,
    callback: Callback,
    call: CallbackCall,
    workspace: Workspace,
    result: CallResult,
  ): CallRecord[] {
    const { settings, sequence } = callback;
    const at = Date.now();
    const isSuccess = result.answer.kind === "answer";
    const isUsed = !settings.allowMultipleCalls && (isSuccess || !settings.retryableAfterError);
    const closedAt = callback.closedAt ?? (isUsed ? at : null);
    const { kept: calls, dropped } = addCall(callback.calls, recordOf(callback, call, result, at));
    const isClosed = this.#parts.claims.get(sequence)?.isClosed === true;
    const keepsAnswer = settings.replay === "same-response" && isUsed && !isClosed && isStorable(result.answer);
    const kept = keepsAnswer ? { at, fingerprint: call.fingerprint, answer: result.answer } : callback.kept;
    const { callbacks } = this.#parts;
    callbacks.update(
      write,
      sequence,
      { closedAt, calls, kept },
      closedAt === null ? expiryOf(callback, workspace) : retentionEnd(closedAt, workspace),
    );
    return dropped;
  }

  /** The answer of a call that is not handled; null for one that is. */
  #refuse(callback: Callback | null, call: CallbackCall): UseAnswer | null {
    if (!callback) return { kind: "unknown" };
    const judgement = decideCall(callback, call, this.#parts.claims.get(call.sequence) ?? null, Date.now());
    if (judgement === "use") return null;
    if (judgement !== "replay") return { kind: judgement };
    return callback.kept && { ...callback.kept.answer, isReplay: true };
  }

  #drop(records: readonly CallRecord[]): Promise<void> {
    return dropBodies(
      this.#parts.bucket,
      records.flatMap(({ bodyKey }) => bodyKey ?? []),
    );
  }
}

const expiryOf = ({ expiresAt }: Callback, workspace: Workspace) =>
  expiresAt === null ? null : retentionEnd(expiresAt, workspace);

const traceContextOf = ({ headers }: CallbackCall) => readTraceContext((name) => headers[name]);
