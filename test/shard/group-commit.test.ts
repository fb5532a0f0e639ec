import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { GroupCommit } from "../../src/shard/group-commit.ts";
import { newShard } from "./support.ts";

/** Runs with the storage of a real object, on a table of its own. */
function withStorage<T>(use: (commit: GroupCommit, storage: DurableObjectStorage) => Promise<T>): Promise<T> {
  return runInDurableObject(newShard().stub(), (_, { storage }) => {
    storage.sql.exec("CREATE TABLE probe (id INTEGER PRIMARY KEY) STRICT");
    return use(new GroupCommit(storage), storage);
  });
}

const insert = (storage: DurableObjectStorage, id: number) => storage.sql.exec("INSERT INTO probe VALUES (?)", id);
const idsIn = (storage: DurableObjectStorage) =>
  storage.sql
    .exec<{ id: number }>("SELECT id FROM probe ORDER BY id")
    .toArray()
    .map(({ id }) => id);

describe("group commit", () => {
  it("answers each writer with its own value, in order", async () => {
    await withStorage(async (commit, storage) => {
      const order: number[] = [];
      await Promise.all(
        [1, 2, 3, 4, 5].map(async (id) => {
          const value = await commit.run(() => {
            insert(storage, id);
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

  it("undoes a write that fails, and only that one", async () => {
    await withStorage(async (commit, storage) => {
      const results = await Promise.allSettled([
        commit.run(() => insert(storage, 1)),
        commit.run(() => {
          insert(storage, 2);
          insert(storage, 1);
        }),
        commit.run(() => insert(storage, 3)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(idsIn(storage)).toEqual([1, 3]);
    });
  });

  it("commits what arrives while a commit is under way together", async () => {
    await withStorage(async (_, storage) => {
      let syncs = 0;
      const counted = new Proxy(storage, {
        get: (target, name) => {
          if (name === "sync") syncs++;
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      const grouping = new GroupCommit(counted);
      await Promise.all(Array.from({ length: 100 }, (_, id) => grouping.run(() => insert(storage, id))));
      expect(idsIn(storage)).toHaveLength(100);
      expect(syncs).toBe(2);
    });
  });
});
