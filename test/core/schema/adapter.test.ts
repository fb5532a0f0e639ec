import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adapterInput,
  adapterRecord,
  checkConfiguration,
  configurationOf,
  configurationValues,
  type Definition,
  newAdapterInput,
  rotationInput,
  showAdapter,
} from "../../../src/core/schema/adapter.ts";

const input = { name: "Converter", type: "input", webhook_url: "https://adapter.test/hook" } as const;
const defined = (key: string, kind: Definition["kind"], more: Partial<Definition> = {}): Definition => ({
  ...{ key, kind, label: key, required: false },
  ...more,
});
const fieldsOf = (values: object, definitions: readonly Definition[]) =>
  checkConfiguration(configurationValues.parse(values), definitions).map(({ field }) => field);

describe("an adapter", () => {
  it("has the limits of the document unless others are set (C26 C27 C29 CD8)", () => {
    expect(adapterInput.parse(input)).toEqual({
      ...input,
      configuration: [],
      timeout_seconds: 45,
      max_response_bytes: 600 * 1024 * 1024,
      token_ttl_seconds: 3_600,
    });
  });

  it("takes its secret at creation and at rotation only, and never an empty one (C18 CD8)", () => {
    expect(newAdapterInput.parse({ ...input, shared_secret: " s " }).shared_secret).toBe(" s ");
    expect(adapterInput.safeParse({ ...input, shared_secret: "s" }).success).toBe(false);
    expect(newAdapterInput.safeParse(input).success).toBe(false);
    expect(newAdapterInput.safeParse({ ...input, shared_secret: "" }).success).toBe(false);
    expect(rotationInput.parse({ shared_secret: "s" })).toEqual({ shared_secret: "s" });
    for (const wrong of [{}, { shared_secret: "" }, { shared_secret: 7 }, { shared_secret: "s", name: "x" }])
      expect(rotationInput.safeParse(wrong).success).toBe(false);
  });

  it("has a solution exactly when it is an output adapter (C11)", () => {
    const solution = "co2.register_shipment";
    for (const schema of [adapterInput, newAdapterInput]) {
      const parses = (more: object) => {
        const secret = schema === newAdapterInput ? { shared_secret: "s" } : {};
        return schema.safeParse({ ...input, ...secret, ...more }).success;
      };
      expect([parses({}), parses({ type: "output", solution })]).toEqual([true, true]);
      expect([parses({ solution }), parses({ type: "output" })]).toEqual([false, false]);
    }
  });

  it("is shown without any of its secrets (CD8)", () => {
    const [old, now] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"];
    const record = adapterRecord.parse({
      ...input,
      id: "a84cb072-06d1-4ee9-bbb9-84f0285ca54d",
      created_at: old,
      secrets: [
        { version: 1, sealed: "first-sealed", at: old },
        { version: 2, sealed: "second-sealed", at: now },
      ],
    });
    expect(showAdapter(record)).toMatchObject({ ...input, secret_rotated_at: now });
    expect(JSON.stringify(showAdapter(record))).not.toMatch(/sealed|secrets/);
  });
});

describe("a configuration", () => {
  const KINDS: [Definition["kind"], right: unknown[], wrong: unknown[]][] = [
    ["string", ["", "x", "true"], [true, 1, [], {}]],
    ["boolean", [true, false], ["true", 0, [], {}]],
    ["number", [0, -1.5, 1e300], ["0", true, [], {}]],
    ["table", [[], [{}], [{ a: "x", b: 1, c: null, d: true }]], ["x", 1, true, {}, { a: "x" }]],
  ];
  it.each(KINDS)("a %s takes what it is, and nothing else (C4 CD8)", (kind, right, wrong) => {
    for (const value of right) expect(fieldsOf({ k: value }, [defined("k", kind)])).toEqual([]);
    for (const value of wrong) expect(fieldsOf({ k: value }, [defined("k", kind)])).toEqual(["k"]);
  });

  it("a required key is needed, null is none; the others may be left out (CD8)", () => {
    for (const [kind] of KINDS) {
      const [needed, free] = [defined("k", kind, { required: true }), defined("k", kind)];
      expect([fieldsOf({}, [needed]), fieldsOf({ k: null }, [needed])]).toEqual([["k"], ["k"]]);
      expect([fieldsOf({}, [free]), fieldsOf({ k: null }, [free])]).toEqual([[], []]);
    }
  });

  it("the rows of a table are objects with the columns that are defined, and plain cells (C4 CD8)", () => {
    const table = defined("t", "table", { columns: ["src", "dest"] });
    expect(fieldsOf({ t: [{ src: "OCEAN", dest: "SEA" }, { src: "TRUCK" }, {}] }, [table])).toEqual([]);
    const rows = [{ from: "A" }, "x", null, [], { src: {} }, { dest: [1] }];
    expect(fieldsOf({ t: rows }, [table])).toEqual(["t[0].from", "t[1]", "t[2]", "t[3]", "t[4].src", "t[5].dest"]);
  });

  it("keys that are not defined are refused, those of a prototype as well (CD8)", () => {
    expect(fieldsOf({ a: 1, toString: 1 }, [])).toEqual(["a", "toString"]);
    expect(fieldsOf({}, [defined("constructor", "string", { required: true })])).toEqual(["constructor"]);
    expect(fieldsOf({ constructor: "x" }, [defined("constructor", "string")])).toEqual([]);
  });

  const key = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom("constructor", "toString", "7"));
  it("what is sent has one key for each that is registered, as the step set it, else null (C3)", () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 8 }), fc.dictionary(key, fc.string()), (keys, values) => {
        const definitions = keys.filter((one) => one !== "__proto__").map((one) => defined(one, "string"));
        const sent = configurationOf(values, definitions);
        expect(Object.keys(sent).toSorted()).toEqual(definitions.map((one) => one.key).toSorted());
        for (const one of Object.keys(sent)) expect(sent[one]).toBe(Object.hasOwn(values, one) ? values[one] : null);
      }),
    );
  });

  it("what is not refused is sent as it is (C3 CD8)", () => {
    const anything = fc.dictionary(key, fc.oneof(fc.string(), fc.boolean(), fc.integer()));
    fc.assert(
      fc.property(anything, (values) => {
        const definitions = Object.entries(values)
          .filter(([one]) => one !== "__proto__")
          .map(([one, value]) => defined(one, typeof value as Definition["kind"], { required: true }));
        expect(checkConfiguration(values, definitions).filter(({ field }) => field !== "__proto__")).toEqual([]);
        const kept = Object.entries(values).filter(([one]) => one !== "__proto__");
        expect(configurationOf(values, definitions)).toEqual(Object.fromEntries(kept));
      }),
    );
  });
});
