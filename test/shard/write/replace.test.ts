import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Records } from "../../../src/storage/kv/records.ts";
import { bindings } from "../support.ts";

/** The namespace, with a gate before each read's answer and each write. */
function gated() {
  const opens: { read: Promise<void>; write: Promise<void> } = { read: Promise.resolve(), write: Promise.resolve() };
  const kv = new Proxy(bindings.CONFIG, {
    get: (target, name: keyof KVNamespace) => {
      if (name === "get") {
        return async (...args: Parameters<KVNamespace["get"]>) => {
          const value = await target.get(...args);
          await opens.read;
          return value;
        };
      }
      if (name !== "put" && name !== "delete") return target[name].bind(target);
      return async (...args: [string, string]) => {
        await opens.write;
        return name === "put" ? target.put(...args) : target.delete(args[0]);
      };
    },
  });
  const shut = (gate: "read" | "write") => {
    const { promise, resolve } = Promise.withResolvers<void>();
    opens[gate] = promise;
    return resolve;
  };
  return { records: new Records(kv, "test:", z.string()), shut };
}

describe("a record that is replaced by another form of itself", () => {
  const louder = (value: string) => value.toUpperCase();
  const stored = (id: string) => bindings.CONFIG.get(`test:${id}`, "json");

  it("is written when nobody else writes it, and left alone when there is nothing to change", async () => {
    const { records } = gated();
    await records.put("plain", "value");
    expect(await records.replace("plain", louder)).toBe(true);
    expect([await stored("plain"), await records.get("plain")]).toEqual(["VALUE", "VALUE"]);
    expect(await records.replace("plain", () => null)).toBe(true);
    expect(await records.replace("absent", louder)).toBe(true);
    expect([await stored("plain"), await stored("absent")]).toEqual(["VALUE", null]);
  });

  it("keeps a change that is made, and a deletion, between its being read and its being written", async () => {
    for (const [id, change, left] of [
      ["changed", (records: Records<string>) => records.put("changed", "newer"), "newer"],
      ["deleted", (records: Records<string>) => records.delete("deleted"), null],
    ] as const) {
      const { records, shut } = gated();
      await records.put(id, "value");
      const open = shut("read");
      const replaced = records.replace(id, louder);
      await change(records);
      open();
      expect([id, await replaced, await stored(id)]).toEqual([id, false, left]);
    }
  });

  it("keeps a change that is on its way when it is read", async () => {
    const { records, shut } = gated();
    await records.put("under-way", "value");
    const open = shut("write");
    const change = records.put("under-way", "newer");
    expect(await records.replace("under-way", louder)).toBe(false);
    open();
    await change;
    expect(await stored("under-way")).toBe("newer");
    expect(await records.replace("under-way", louder)).toBe(true);
    expect(await stored("under-way")).toBe("NEWER");
  });
});
