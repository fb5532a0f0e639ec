import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { GroupCommit } from "../../../src/shard/write/group-commit.ts";
import { Database, type Write } from "../../../src/storage/sql/database.ts";
import { newShard } from "../support.ts";

interface Probe {
  readonly commit: GroupCommit;
  readonly database: Database;
  readonly storage: DurableObjectStorage;
}

/** Runs with the storage of a real object, on a table of its own. */
function withStorage<T>(use: (probe: Probe) => Promise<T>): Promise<T> {
  return runInDurableObject(newShard().stub(), (_, { storage }) => {
    storage.sql.exec("CREATE TABLE probe (id INTEGER PRIMARY KEY) STRICT");
    const database = new Database(storage);
    return use({ commit: new GroupCommit(storage, database), database, storage });
  });
}

const insert = (write: Write, id: number) => write.exec("INSERT INTO probe VALUES (?)", id);
const idsIn = (storage: DurableObjectStorage) =>
  storage.sql
    .exec<{ id: number }>("SELECT id FROM probe ORDER BY id")
    .toArray()
    .map(({ id }) => id);

describe("group commit", () => {
  it("answers each writer with its own value, in order", async () => {
    await withStorage(async ({ commit, storage }) => {
      const order: number[] = [];
      await Promise.all(
        [1, 2, 3, 4, 5].map(async (id) => {
          const value = await commit.run((write) => {
            insert(write, id);
            return id * 10;
          });
          expect(value).toBe(id * 10);
          order.push(id);
        }),
      );
      expect(order).toEqual([1, 2, 3, 4, 5]);
      expect(idsIn(storage)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  it.each([
    ["its only statement", [1]],
    ["its second statement", [2, 1]],
    ["what comes behind a statement", [2, null]],
    ["what comes behind several", [2, 4, null]],
  ])("undoes a write that fails in %s, and only that one, in the tables and in memory", async (_, ids) => {
    await withStorage(async ({ commit, storage }) => {
      const followed: string[] = [];
      const writing = (name: string, ids: (number | null)[]) =>
        commit.run((write) => {
          write.after(() => followed.push(name));
          for (const id of ids) {
            if (id === null) throw new Error("not this one");
            insert(write, id);
          }
        });
      const results = await Promise.allSettled([
        writing("before", [1]),
        writing("failing", ids),
        writing("behind", [3]),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(idsIn(storage)).toEqual([1, 3]);
      expect(followed).toEqual(["before", "behind"]);
      await commit.run((write) => insert(write, 5));
      expect(idsIn(storage)).toEqual([1, 3, 5]);
    });
  });

  it.each([
    ["text", "ä".repeat(1_000_001)],
    ["bytes", new Uint8Array(2_000_001)],
  ])("refuses a row of more than 2 MB of %s, as the platform does: nothing is changed (P2)", async (_, value) => {
    await withStorage(async ({ commit, storage }) => {
      storage.sql.exec("CREATE TABLE large (value ANY) STRICT");
      const writing = (large: string | Uint8Array) =>
        commit.run((write) => {
          insert(write, 1);
          write.exec("INSERT INTO large VALUES (?)", large);
        });
      await expect(writing(value)).rejects.toThrow("exceeds 2000000");
      expect(idsIn(storage)).toEqual([]);
      await writing(value.slice(1));
      expect(idsIn(storage)).toEqual([1]);
    });
  });

  it("shows a write the tables as they stood before it, with all that the writes before it have changed", async () => {
    await withStorage(async ({ commit, storage }) => {
      const seen = await Promise.all(
        [1, 2].map((id) =>
          commit.run((write) => {
            insert(write, id);
            return idsIn(storage);
          }),
        ),
      );
      expect(seen).toEqual([[], [1]]);
    });
  });

  it("commits what arrives while a commit is under way together", async () => {
    await withStorage(async ({ database, storage }) => {
      let syncs = 0;
      const counted = new Proxy(storage, {
        get: (target, name) => {
          if (name === "sync") syncs++;
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      const grouping = new GroupCommit(counted, database);
      await Promise.all(Array.from({ length: 100 }, (_, id) => grouping.run((write) => insert(write, id))));
      expect(idsIn(storage)).toHaveLength(100);
      expect(syncs).toBe(2);
    });
  });
});
