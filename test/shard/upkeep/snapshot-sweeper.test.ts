import { abortAllDurableObjects, reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Job } from "../../../src/shard/upkeep/job.ts";
import { SnapshotSweeper } from "../../../src/shard/upkeep/snapshot-sweeper.ts";
import { Database } from "../../../src/storage/sql/database.ts";
import { Executions } from "../../../src/storage/sql/executions.ts";
import { Snapshots } from "../../../src/storage/sql/snapshots.ts";
import { accept, arrival, newShard, step, stubFetch, WORKSPACE_ID } from "../support.ts";

const DAY_MS = 24 * 60 * 60_000;
const FEW = 50;

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** So that a sweep takes many parts, and much happens between them. */
const SMALL_PARTS = { look: 7, delete: 3 };

const textOf = (snapshot: number) => ({ hash: `hash ${snapshot}`, text: JSON.stringify({ snapshot }) });

/** Rows as a shard writes them, in the tables of a real one. */
class World {
  readonly #storage: DurableObjectStorage;
  #database!: Database;
  #lastId = 0;
  snapshots!: Snapshots;
  job!: Job;
  sweeper!: SnapshotSweeper;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec("DELETE FROM executions");
    storage.sql.exec("DELETE FROM plans");
    storage.kv.delete("plans-swept");
    this.start();
  }

  /** What an object does that is started anew: it knows nothing but its rows. */
  start(part?: { look: number; delete: number }): void {
    this.#database = new Database(this.#storage);
    this.snapshots = new Snapshots(this.#database);
    this.sweeper = new SnapshotSweeper(this.#database, this.snapshots, new Executions(this.#database), part);
    this.job = new Job("a sweep", (now) => this.sweeper.run(now));
  }

  /** Messages with a snapshot, accepted as by a shard. */
  execute(snapshot: number, count = 1): void {
    const text = textOf(snapshot);
    for (let n = 0; n < count; n++) {
      const id = this.#database.write((write) => this.snapshots.intern(write, text));
      this.#storage.sql.exec(
        `INSERT INTO executions (id, plan, origin, status, step, run, attempts, created_at, trail, input)
         VALUES (?, ?, '', 'queued', 0, 0, 0, 0, '{}', '{}')`,
        ...[++this.#lastId, id],
      );
      expect(this.snapshots.get(id)).toEqual({ snapshot });
    }
  }

  expire(count: number): void {
    this.#storage.sql.exec("DELETE FROM executions WHERE id IN (SELECT id FROM executions ORDER BY id LIMIT ?)", count);
  }

  /** Each execution finds its snapshot, by its row and by what is remembered. */
  check(): void {
    for (const id of this.#used()) expect(this.snapshots.get(id)).toHaveProperty("snapshot");
    expect(this.#stored()).toEqual(expect.arrayContaining(this.#used()));
  }

  get unused(): number {
    return this.#stored().length - this.#used().length;
  }

  #used(): number[] {
    const rows = this.#storage.sql.exec<{ plan: number }>("SELECT DISTINCT plan FROM executions ORDER BY plan");
    return rows.toArray().map(({ plan }) => plan);
  }

  #stored(): number[] {
    return this.snapshots.ids(1_000_000);
  }
}

const withWorld = (use: (world: World, storage: DurableObjectStorage) => void) =>
  runInDurableObject(newShard().stub(), (_, { storage }) => use(new World(storage), storage));

/** Runs whatever is due for so long; answers how often something was. */
function runFor(world: World, from: number, ms: number): number {
  let parts = 0;
  for (; world.job.nextAt <= from + ms; parts++) world.job.runIfDue(Math.max(from, world.job.nextAt));
  return parts;
}

describe("snapshots that no execution refers to", () => {
  it("go within a day, in parts, and those in use stay, whatever happens meanwhile", async () => {
    type Act = (world: World, clock: { now: number }) => void;
    const snapshot = fc.nat(120);
    const act: fc.Arbitrary<Act> = fc.oneof(
      {
        weight: 4,
        arbitrary: snapshot.map(
          (n): Act =>
            (world) =>
              world.execute(n),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.nat(60).map(
          (n): Act =>
            (world) =>
              world.expire(n),
        ),
      },
      {
        weight: 4,
        arbitrary: fc.nat(3).map(
          (): Act => (world, clock) => {
            clock.now = Math.max(clock.now, world.job.nextAt);
            world.job.runIfDue(clock.now);
          },
        ),
      },
      { weight: 1, arbitrary: fc.constant<Act>((world) => world.start(SMALL_PARTS)) },
    );
    await withWorld((_, storage) => {
      fc.assert(
        fc.property(fc.array(act, { minLength: 20, maxLength: 150 }), (acts) => {
          const world = new World(storage);
          const clock = { now: DAY_MS * 20_000 };
          world.start(SMALL_PARTS);
          for (let n = 0; n < 80; n++) world.execute(n);
          world.expire(60);
          for (const one of acts) {
            one(world, clock);
            world.check();
          }
          runFor(world, clock.now, 3 * DAY_MS);
          world.check();
          expect(world.unused === 0 || world.sweeper.isDone).toBe(true);
          // Ids of deleted snapshots are given again.
          for (let n = 200; n < 200 + FEW; n++) world.execute(n);
          world.expire(1_000);
          runFor(world, clock.now + 3 * DAY_MS, 3 * DAY_MS);
          for (let n = 300; n < 300 + FEW; n++) world.execute(n);
          world.check();
        }),
        { numRuns: 60 },
      );
    });
  });

  it("stay while they are few: nothing but their number is looked at", async () => {
    await withWorld((world, storage) => {
      for (let n = 0; n < FEW; n++) world.execute(n);
      world.expire(FEW);
      const looks = vi.spyOn(Executions.prototype, "snapshotsIn");
      expect(runFor(world, DAY_MS * 20_000, 3 * DAY_MS)).toBe(4);
      expect([world.unused, looks.mock.calls.length, storage.kv.get("plans-swept")]).toEqual([FEW, 0, undefined]);
    });
  });

  it("are looked for once a day, however often the object is started", async () => {
    await withWorld((world) => {
      for (let n = 0; n <= FEW; n++) world.execute(n);
      const looks = vi.spyOn(Executions.prototype, "snapshotsIn");
      const start = DAY_MS * 20_000;
      for (let hour = 0; hour < 24; hour++) {
        world.start();
        runFor(world, start + (hour * DAY_MS) / 24, 0);
      }
      expect(looks).toHaveBeenCalledTimes(1);
    });
  });

  it("cost one row read for each execution, five thousand at a time", async () => {
    await withWorld((world, storage) => {
      world.execute(0);
      for (let n = 1; n <= FEW; n++) world.execute(n);
      world.execute(0, 24_000);
      world.expire(FEW);
      const exec = vi.spyOn(Object.getPrototypeOf(storage.sql) as SqlStorage, "exec");
      const parts = runFor(world, DAY_MS * 20_000, 60_000);
      const looks = exec.mock.calls.flatMap(([sql], n) => {
        const { value } = exec.mock.results[n] ?? {};
        return sql.includes("FROM executions") ? [(value as SqlStorageCursor<never>).rowsRead] : [];
      });
      vi.restoreAllMocks();
      expect(looks).toEqual([5_000, 5_000, 5_000, 5_000, 4_001, 1]);
      expect([parts, world.unused]).toEqual([7, 0]);
    });
  });

  it("go by the alarm of a shard, also of one whose executions are all gone", async () => {
    stubFetch(() => new Response("done"));
    const shard = newShard();
    const message = (n: number) => arrival([step({ name: `step-${n}` })], { retentionDays: 1 });
    for (let n = 0; n <= FEW; n++) await accept(shard.stub(), message(n), 5_000);
    const count = () =>
      runInDurableObject(shard.stub(), (_, { storage }) =>
        [..."pe"].map((t) => storage.sql.exec(`SELECT id FROM ${t === "p" ? "plans" : "executions"}`).toArray().length),
      );
    await runDurableObjectAlarm(shard.stub());
    expect(await count()).toEqual([FEW + 1, FEW + 1]);
    await abortAllDurableObjects();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * DAY_MS + 1_000 });
    for (let n = 0; n < 5; n++) {
      await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 1);
      await runDurableObjectAlarm(shard.stub());
      vi.setSystemTime(Date.now() + 2_000);
    }
    expect(await count()).toEqual([0, 0]);
    expect((await accept(shard.stub(), message(0), 5_000)).outcome.status).toBe("succeeded");
  });
});
