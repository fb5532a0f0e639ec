import { describe, expect, it } from "vitest";
import { checkTemplate, membersUsed, renderTemplate } from "../../../src/core/message/template.ts";

const NAMES = ["message", "secrets", "execution", "trigger"];
const VALUES = {
  message: { id: 7, name: "Ada", tags: ["a", "b"], nothing: null },
  secrets: { erp: "s3cret" },
  execution: { id: "e-1" },
  trigger: { name: "orders" },
};

const render = (source: string, values: object = VALUES) => renderTemplate(source, values);
const errorOf = (source: string, values: object = VALUES) => {
  const rendered = render(source, values);
  return "error" in rendered ? rendered.error : `no error, but: ${rendered.text}`;
};

describe("rendering", () => {
  it("fills in values", () => {
    expect(render("https://x.test/{{ message.id }}/{{ message.tags[1] }}?e={{ execution.id }}")).toEqual({
      text: "https://x.test/7/b?e=e-1",
    });
    expect(render("Bearer {{ secrets.erp }}")).toEqual({ text: "Bearer s3cret" });
    expect(render("{% if message.missing %}a{% else %}b{% endif %}{{ message.missing | default: 'c' }}")).toEqual({
      text: "bc",
    });
    expect(render("{{ message | json }}")).toEqual({ text: JSON.stringify(VALUES.message) });
    expect(render("no template { here }")).toEqual({ text: "no template { here }" });
  });

  it("takes a variable that is not there as a failure, and says which and where", () => {
    expect(errorOf("{{ message.missing }}")).toMatch(/message\.missing.*line:1/);
    expect(errorOf("\n\n  {{ message.id.deeper }}")).toMatch(/line:3/);
    expect(errorOf("{{ message.missing.deeper }}")).toMatch(/message\.missing/);
  });

  it("does not quote the template's other lines or its values in a failure", () => {
    const error = errorOf("{{ secrets.erp }}\n{{ message.missing }}\n{{ secrets.erp }}");
    expect(error).not.toContain("s3cret");
    expect(error.split("\n")).toHaveLength(1);
  });

  it("reaches own properties alone: nothing inherited, no constructor, no prototype", () => {
    for (const path of [
      "message.constructor",
      "message.constructor.name",
      "message['constructor']",
      "message.__proto__",
      "message['__proto__'].polluted",
      "message.toString",
      "message.hasOwnProperty",
      "message.name.constructor",
      "message.tags.map",
      "message.id.toFixed",
      "constructor",
      "__proto__",
    ]) {
      expect(errorOf(`{{ ${path} }}`)).toMatch(/undefined variable/);
    }
  });

  it("leaves the values as they were", () => {
    const values = structuredClone(VALUES);
    render("{% assign message = 1 %}{% assign x = message %}{{ x }}{% capture trigger %}y{% endcapture %}", values);
    expect(values).toEqual(VALUES);
    expect(render("{{ message.id }}{% assign x = 1 %}")).toEqual({ text: "7" });
    expect(errorOf("{{ x }}")).toMatch(/undefined variable: x/);
  });

  it("reads no file", () => {
    for (const file of ["package.json", "/etc/hostname", "../package.json", "x"]) {
      for (const tag of ["include", "render", "layout"]) {
        const values = { ...VALUES, message: file };
        expect(render(`{% ${tag} '${file}' %}`)).toEqual({ error: expect.any(String) });
        expect(render(`{% ${tag} message %}`, values)).toEqual({ error: expect.any(String) });
      }
    }
  });
});

describe("checking", () => {
  it("finds nothing wrong with a good template", () => {
    for (const source of [
      "",
      "https://x.test/",
      "{{ message.a.b[0] | json }}{{ secrets.erp }}{{ execution.id }}{{ trigger.name }}",
      "{% assign x = message.a %}{{ x }}{% for i in message.list %}{{ i }}{{ forloop.index }}{% endfor %}",
      "{% comment %}{{ anything }}{% endcomment %}{% raw %}{{ anything }}{% endraw %}",
    ]) {
      expect([source, checkTemplate(source, NAMES)]).toEqual([source, null]);
    }
  });

  it("names a value that templates of this kind do not see, and those they do (ND11)", () => {
    for (const source of ["{{ query.id }}", "{% if query.id %}x{% endif %}", "{{ message[query.id] }}"]) {
      expect(checkTemplate(source, NAMES)).toMatch(/"query".*message, secrets, execution, trigger/);
    }
    for (const source of ["{{ constructor }}", "{{ __proto__.x }}", "{{ process.env }}", "{{ globalThis }}"]) {
      expect(checkTemplate(source, NAMES)).toMatch(/unknown/);
    }
  });

  it("tells a parse error with its line", () => {
    expect(checkTemplate("{{ message.a", NAMES)).toMatch(/not closed.*line:1/);
    expect(checkTemplate("a\nb {% if message %}\n c", NAMES)).toMatch(/not closed.*line:2/);
    expect(checkTemplate("a\n\n{% nope %}", NAMES)).toMatch(/"nope" not found.*line:3/);
    expect(checkTemplate("a\n{{ message | nope }}", NAMES)).toMatch(/undefined filter: nope.*line:2/);
  });

  it("refuses templates that name others, which do not exist here", () => {
    for (const source of ["{% include 'x' %}", "{% render 'package.json' %}", "{% layout '/etc/hostname' %}"]) {
      expect([source, checkTemplate(source, NAMES)]).toEqual([source, expect.any(String)]);
    }
  });

  it("refuses what nests too deeply to be worked on, as a value", () => {
    const deep = 4000;
    for (const source of [
      `{{ ${"message[".repeat(deep)}1${"]".repeat(deep)} }}`,
      `{{ ${"(".repeat(deep)}1${")".repeat(deep)} }}`,
      "{% if message %}".repeat(deep),
    ]) {
      expect(() => checkTemplate(source, NAMES)).not.toThrow();
    }
  });
});

describe("the members that a template uses", () => {
  it("are those of the one name, wherever it stands", () => {
    const source = "{{ secrets.erp }}{{ message.x }}{{ secrets['crm'] }}{% if secrets.erp %}{% endif %}";
    expect(new Set(membersUsed(source, "secrets"))).toEqual(new Set(["crm", "erp"]));
    expect(membersUsed("{{ message.secrets.erp }}", "secrets")).toEqual([]);
    expect(membersUsed("{{ message[secrets.erp] }}", "secrets")).toEqual(["erp"]);
  });

  it("are not known when the whole is used, or one by a computed name", () => {
    for (const source of [
      "{{ secrets | json }}",
      "{{ secrets[message.x] }}",
      "{% assign s = secrets %}{{ s.erp }}",
      "{% for s in secrets %}{{ s }}{% endfor %}",
    ]) {
      expect([source, membersUsed(source, "secrets").includes(null)]).toEqual([source, true]);
    }
  });
});
