import { describe, expect, it } from "vitest";
import {
  awaitCallback,
  newProgress,
  type Progress,
  retryLater,
  stepFailed,
  stepSucceeded,
  succeeded,
} from "../../../src/core/execution/execution.ts";
import { detail, summarise } from "../../../src/core/execution/view.ts";
import { snapshotOf, WORKSPACE_ID } from "../../support/snapshot.ts";

const ID = "0190a1b2-0000-8000-8000-000000000001";
const CREATED = Date.UTC(2027, 0, 31, 12);
/** What every step of the snapshot sends. */
const request = { method: "POST", url: "https://erp.test/" };
const snapshot = snapshotOf({ first: {}, second: { async: true }, third: {} });

const note = (message: string) => ({ level: "info" as const, message });
const stored = (progress: Progress, lane: string | null = null) => ({
  ...progress,
  call: null,
  resubmittedFrom: null,
  sequence: 12,
  lane,
  createdAt: CREATED,
});
const show = (progress: Progress, isSending = false) =>
  detail(stored(progress), snapshot, ID, isSending, (run) => `correlation of run ${run}`);

const fresh = newProgress();
const atSecond = stepSucceeded(fresh, snapshot, { note: note("200"), attempted: true }, CREATED + 1000);
const waiting = awaitCallback(atSecond, snapshot, note("202"), CREATED + 9000, CREATED + 2000);

describe("an execution as the API shows it", () => {
  it("has the contract's fields while it is queued, and none that do not apply (LD13)", () => {
    expect(show(fresh)).toEqual({
      id: ID,
      workspace: "acme",
      trigger: "incoming",
      flow: "orders",
      seq: 12,
      status: "queued",
      documentStatus: "Inbox",
      createdAt: "2027-01-31T12:00:00.000Z",
      steps: [
        { name: "first", type: "http", status: "pending", attempts: 0, request },
        { name: "second", type: "http", status: "pending", attempts: 0, request },
        { name: "third", type: "http", status: "pending", attempts: 0, request },
      ],
      statusLog: [{ at: "2027-01-31T12:00:00.000Z", documentStatus: "Inbox" }],
      log: [],
    });
  });

  it("is running while a request is under way, though the row does not say so (LD13)", () => {
    const shown = show(fresh, true);
    expect(shown).toMatchObject({ status: "running", documentStatus: "Processing" });
    expect(shown.steps[0]).toEqual({ name: "first", type: "http", status: "running", attempts: 1, request });
    expect(shown.steps[1]).toMatchObject({ status: "pending", attempts: 0 });
  });

  it("shows an async step's correlation id from its first request on, and a sync step has none (L7)", () => {
    expect(show(atSecond).steps[1]).not.toHaveProperty("correlationId");
    expect(show(atSecond, true).steps[1]).toMatchObject({ status: "running", correlationId: "correlation of run 2" });
    expect(show(waiting).steps[1]).toMatchObject({
      status: "waiting",
      attempts: 1,
      correlationId: "correlation of run 2",
    });
    expect(show(waiting).steps[0]).not.toHaveProperty("correlationId");
  });

  it("shows retries, the one under way included", () => {
    const retrying = retryLater(atSecond, snapshot, note("503"), CREATED + 5000, CREATED + 2000);
    expect(show(retrying)).toMatchObject({ status: "retrying", documentStatus: "Processing" });
    expect(show(retrying).steps[1]).toMatchObject({ status: "running", attempts: 1 });
    expect(show(retrying, true)).toMatchObject({ status: "running" });
    expect(show(retrying, true).steps[1]).toMatchObject({ status: "running", attempts: 2 });
  });

  it("a failed one shows what was set, and its later steps as skipped (L13 L20 LD12)", () => {
    const end = {
      failure: "error" as const,
      documentStatus: "Failed",
      technicalStatus: "Customs Hold",
      errorCode: "E7",
      detail: "internal",
    };
    const failed = stepFailed(waiting, snapshot, { end, note: note("Failed"), attempted: false }, CREATED + 3000);
    const shown = show(failed);
    const { detail: _, ...told } = end;
    expect(shown).toMatchObject({ status: "failed", ...told, finishedAt: "2027-01-31T12:00:03.000Z" });
    expect(shown).not.toHaveProperty("result");
    expect(shown.steps.map(({ status }) => status)).toEqual(["succeeded", "failed", "skipped"]);
    expect(shown.log.map(({ step, message }) => `${step}: ${message}`)).toEqual([
      "first: 200",
      "second: 202",
      "second: Failed",
    ]);
    expect(shown.log[0]).toEqual({ at: "2027-01-31T12:00:01.000Z", level: "info", step: "first", message: "200" });
  });

  it("a succeeded one has the result success, and no failure", () => {
    const shown = show(succeeded(fresh, CREATED + 1000));
    expect(shown).toMatchObject({ status: "succeeded", result: "success", documentStatus: "Completed" });
    expect(shown).toMatchObject({ startedAt: "2027-01-31T12:00:01.000Z", finishedAt: "2027-01-31T12:00:01.000Z" });
    expect(shown).not.toHaveProperty("failure");
    expect(show(succeeded(fresh, CREATED), true).status).toBe("succeeded");
  });

  it("a summary is the same without steps and logs", () => {
    const { steps: _, statusLog: __, log: ___, ...summary } = show(waiting);
    expect(summarise(stored(waiting), snapshot, ID, false)).toEqual(summary);
  });

  it("shows its lane, but not the identity of the workspace in it", () => {
    const shown = summarise(stored(fresh, `${WORKSPACE_ID}/incoming`), snapshot, ID, false);
    expect(shown.lane).toBeTruthy();
    expect(JSON.stringify(shown)).not.toContain(WORKSPACE_ID);
    expect(summarise(stored(fresh), snapshot, ID, false)).not.toHaveProperty("lane");
  });
});
