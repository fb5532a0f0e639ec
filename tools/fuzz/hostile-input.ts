/** Hostile texts and JSON. */
import fc from "fast-check";
import { weighted } from "../lib/weighted.ts";

/** Valid http URLs are left out, except for loopback: a text may be stored as the address of a step. */
const TEXTS = Object.values({
  paths: ["", " ", ".", "..", "../../etc/passwd", "..\\..\\x", "*", "keys:*", "a:b:c"],
  properties: ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString"],
  literals: ["null", "undefined", "NaN", "true", "0", "-1", "1e999", "00000000-0000-0000-0000-000000000000"],
  escapes: ["%00", "%2e%2e%2f", "%", "%zz", "a%0d%0ax-injected: 1", "a\r\nx-injected: 1", "a\u0000b"],
  unicode: [
    "\ud800",
    "\ufeffname",
    "\u202enimda\u202c",
    "ａｄｍｉｎ",
    "admin\u200b",
    "ſ",
    "İ",
    "ﬃ",
    "𝒶𝒹𝓂𝒾𝓃",
    "e\u0301",
  ],
  injections: ["' OR 1=1 --", "'; DROP TABLE executions; --", '"><script>alert(1)</script>', "#{7*7}"],
  templates: ["{{ secrets }}", "{% for i in (1..1000000000) %}{% endfor %}"],
  addresses: ["http://127.0.0.1:9/", "http://localhost:9/%00", "file:///etc/passwd", "javascript:alert(1)"],
  relative: ["//evil.invalid/x"],
  long: ["😀".repeat(20), "x".repeat(300), "é".repeat(5_000)],
}).flat();

/** Liquid templates that are invalid, endless, oversized, or read what they must not. */
const TEMPLATES = [
  "{{",
  "{% if",
  "{% raw %}",
  "{% endfor %}",
  "{% for i in (1..1000000000) %}x{% endfor %}",
  "{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}",
  `{% assign a = 'xx' %}${"{% assign a = a | append: a %}".repeat(40)}{{ a | size }}`,
  `{% capture a %}x{% endcapture %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40)}`,
  "{{ 'now' | date: '%999999999Y' }}",
  "{{ message.constructor.constructor }}",
  "{{ message.__proto__ }}{{ message | where_exp: 'x', 'y' }}",
  "{{ secrets }}{{ secrets.nothing }}",
  "{% include 'x' %}{% render '/etc/passwd' %}{% layout 'x' %}",
  "{{ message | json | json | json }}",
  "{{ 1 | divided_by: 0 }}{{ 'a' | times: 'b' }}",
  "{{ message.a.b.c.d.e }}",
  `{{ message${"[message".repeat(300)}${"]".repeat(300)} }}`,
  "{% if true %}".repeat(300),
  "{{ message | unknown_filter }}",
  "{% increment message %}{% cycle 1, 2 %}",
];

/** JSON as text, because no serialiser produces some of it. */
const JSON_NUMBERS = ["1e999", "-0", "1e-999", "99999999999999999999999999", "0.1e1", "-1"];
const JSON_TEXTS = [
  ...JSON_NUMBERS,
  ...["null", "true", "[]", "{}"],
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
  "[[[[[[[[[[]]]]]]]]]]",
  `${"[".repeat(300)}${"]".repeat(300)}`,
  `${'{"a":'.repeat(300)}1${"}".repeat(300)}`,
  `[${"0,".repeat(500)}0]`,
  `"${"x".repeat(20_000)}"`,
];

/** Documents that are not JSON, or are too large or too deep. */
const INVALID_DOCUMENTS = [
  "",
  "{",
  "nul",
  "{'a': 1}",
  '{"a": 1} x',
  "\ufeff{}",
  "[1,]",
  '{"a":1,}',
  '"\ud800"',
  "\u0000",
];
const DOCUMENTS = [
  ...INVALID_DOCUMENTS,
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join()}}`,
  `[${'{"__proto__":null},'.repeat(2_000)}1]`,
];

export const hostileTemplate = fc.constantFrom(...TEMPLATES);

export const hostileText = weighted(
  [5, fc.constantFrom(...TEXTS)],
  [2, fc.string({ unit: "binary", maxLength: 40 })],
  [1, hostileTemplate],
);

/** JSON as text. */
export const hostileJson = weighted(
  [3, fc.constantFrom(...JSON_TEXTS)],
  [3, hostileText.map((text) => JSON.stringify(text))],
  [1, fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value))],
);

export const hostileDocument = weighted(
  [4, fc.constantFrom(...DOCUMENTS)],
  [4, hostileJson],
  [2, hostileText],
  [1, fc.nat(20).map((n) => "x".repeat(2 ** n))],
);
