import { describe, expect, it } from "vitest";
import { checkTemplate, membersUsed, renderTemplate } from "../../../src/core/message/template.ts";

/** As much as a message of 64 KiB holds. */
const ITEMS = Array.from({ length: 3_000 }, (_, i) => i);
const TEXT = "x".repeat(40_000);
const MESSAGE = { items: ITEMS, text: TEXT, letters: "x".repeat(390_000) };

/** Most characters that any rendering may make. */
const LONGEST_OUTPUT = 10_000_000;

/** As many as there are in a message of 1 MiB. */
const letters = "{% assign all = message.letters | split: '' %}";

const each = (body: string, of = "message.items") => `{% for i in ${of} %}${body}{% endfor %}`;

/** What would take years, or all memory. */
const ENDLESS: Record<string, string> = {
  "a long range": each("x", "(1..1000000000)"),
  "a range of everything": each("x", "(-9007199254740991..9007199254740991)"),
  "a long range in a table": "{% tablerow i in (1..1000000000) %}x{% endtablerow %}",
  "three loops within each other": each(each(each("x", "(1..9999)"), "(1..9999)"), "(1..9999)"),
  "text that doubles": `{% assign x = message.text %}${each("{% assign x = x | append: x %}")}{{ x | size }}`,
  "text that grows by replacing": `{% assign x = message.text %}${each("{% assign x = x | replace: 'x', 'xx' %}")}`,
  "each letter of a long text looked at": `${letters}{{ all | where: 'x' | size }}{{ all | map: 'x' | size }}`,
  "a wide date": "{{ 'now' | date: '%999999999d' }}",
};

/** What multiplies the message with itself. */
const COSTLY: Record<string, string> = {
  "ranges within each other": each(each("", "(1..3000)"), "(1..3000)"),
  "loops over the message within each other": each(each("")),
  "output that repeats the message": each("{{ message.text }}"),
  "one filter many times": each("{{ message.text | upcase | downcase | size }}"),
  "JSON many times": each("{{ message | json | size }}"),
  "sorting many times": each("{{ message.items | sort | size }}"),
  "searching many times": each("{% if message.items contains 'y' %}{% endif %}"),
  "an expression for each item many times": each("{{ message.items | where_exp: 'i', 'i == 3' | size }}"),
};

/** What a rendering ends with and how long it takes; never the text itself, which may be huge. */
function run(source: string) {
  const started = performance.now();
  const rendered = renderTemplate(source, { message: MESSAGE });
  const ms = performance.now() - started;
  return { ms, length: "text" in rendered ? rendered.text.length : 0, isRefused: "error" in rendered };
}

describe("the work of one rendering", () => {
  for (const [what, source] of Object.entries(ENDLESS)) {
    it(`ends by its limit within a second: ${what}`, () => {
      const { ms, isRefused } = run(source);
      expect(isRefused).toBe(true);
      expect(ms).toBeLessThan(1000);
    });
  }

  for (const [what, source] of Object.entries(COSTLY)) {
    it(`is over within a second, with an output that fits into memory: ${what}`, () => {
      const { ms, length } = run(source);
      expect(ms).toBeLessThan(1000);
      expect(length).toBeLessThan(LONGEST_OUTPUT);
    });
  }

  it("leaves room for what messages need", () => {
    const rendered = renderTemplate(each("{{ i }}:{{ message.text | size }},"), {
      message: { items: ITEMS, text: "x" },
    });
    expect(rendered).toEqual({ text: ITEMS.map((i) => `${i}:1,`).join("") });
    expect(renderTemplate("{{ message | json }}", { message: MESSAGE })).toEqual({ text: JSON.stringify(MESSAGE) });
  });

  it("is spent once on finding the names that a template uses, however many", () => {
    const source = "{{ message.a }}".repeat(3_000);
    expect(checkTemplate(source, ["message"])).toBe(null);
    const started = performance.now();
    for (let i = 0; i < 200; i++) expect(membersUsed(source, "secrets")).toEqual([]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("has a bound on the template itself, whatever is in it", () => {
    for (const source of ["x".repeat(100_001), "{{".repeat(60_000), "{% if a %}".repeat(20_000)]) {
      expect(checkTemplate(source, ["a"])).toBe("is longer than 100000 characters");
    }
    expect(checkTemplate("{% if a %}".repeat(3_700) + "{% endif %}".repeat(3_700), ["a"])).toEqual(expect.any(String));
  });

  it("remembers no template wrongly: many are read, forgotten and read again", () => {
    const sources = Array.from({ length: 300 }, (_, i) => `${i}${" ".repeat(2_000)}{{ message | plus: ${i} }}`);
    for (let round = 0; round < 2; round++) {
      for (const [i, source] of sources.entries()) {
        expect(renderTemplate(source, { message: 1 })).toEqual({ text: `${i}${" ".repeat(2_000)}${i + 1}` });
      }
    }
  });

  it("is refused as a value when the message nests too deeply to be written", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(renderTemplate("{{ message | json }}", { message: deep })).toEqual({ error: expect.any(String) });
  });
});
