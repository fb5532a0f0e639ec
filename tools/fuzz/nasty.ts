/** Texts and JSON that nobody means well with. */
import fc from "fast-check";

/** Valid http URLs are not among them, except for loopback: what is sent may end up as the address of a step. */
const TEXTS = [
  "",
  " ",
  ".",
  "..",
  "../../etc/passwd",
  "..\\..\\x",
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "null",
  "undefined",
  "NaN",
  "true",
  "0",
  "-1",
  "1e999",
  "00000000-0000-0000-0000-000000000000",
  "%00",
  "%2e%2e%2f",
  "%",
  "%zz",
  "a%0d%0ax-injected: 1",
  "a\r\nx-injected: 1",
  "a\u0000b",
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
  "😀".repeat(20),
  "' OR 1=1 --",
  "'; DROP TABLE executions; --",
  '"><script>alert(1)</script>',
  "*",
  "keys:*",
  "a:b:c",
  "{{ secrets }}",
  "{% for i in (1..1000000000) %}{% endfor %}",
  "#{7*7}",
  "http://127.0.0.1:9/",
  "http://localhost:9/%00",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "//evil.invalid/x",
  "x".repeat(300),
  "é".repeat(5_000),
];

/** Liquid that is wrong, endless, greedy or curious. */
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

/** JSON as it is written, not as values: some of it no serialiser makes. */
const JSON_TEXTS = [
  "1e999",
  "-0",
  "1e-999",
  "99999999999999999999999999",
  "0.1e1",
  "-1",
  "null",
  "true",
  "[]",
  "{}",
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

/** No JSON, or too much of it. */
const DOCUMENTS = [
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
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join()}}`,
  `[${'{"__proto__":null},'.repeat(2_000)}1]`,
];

const some = fc.string({ unit: "binary", maxLength: 40 });

export const nastyText = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: some },
  { weight: 1, arbitrary: fc.constantFrom(...TEMPLATES) },
);

export const nastyTemplate = fc.constantFrom(...TEMPLATES);

/** JSON as text. */
export const nastyJson = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...JSON_TEXTS) },
  { weight: 3, arbitrary: nastyText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
);

export const nastyDocument = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...DOCUMENTS) },
  { weight: 4, arbitrary: nastyJson },
  { weight: 2, arbitrary: nastyText },
  { weight: 1, arbitrary: fc.nat(20).map((n) => "x".repeat(2 ** n)) },
);
