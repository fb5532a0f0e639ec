import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { piecesOfSecrets, redactSecrets } from "../../../src/core/security/redact.ts";

const SECRET = 'top "secret" \\ value/+ä?&';
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("secrets within a text", () => {
  it("are hidden as they are, in JSON, in a URL and in base64, wherever they begin", () => {
    const texts = [
      `said ${SECRET}!`,
      JSON.stringify({ headers: { authorization: `Bearer ${SECRET}` } }),
      `http://example.com/${encodeURIComponent(SECRET)}?a=${encodeURI(SECRET)}`,
      ...["", "u:", "user:", "a:b:"].map((before) => `Basic ${base64(before + SECRET)}`),
      `token ${Buffer.from(`x${SECRET}`).toString("base64url")}`,
    ];
    for (const text of texts) {
      const shown = redactSecrets(text, [SECRET]);
      expect(shown).toContain("[secret]");
      expect(shown).not.toMatch(/secret\W+value|dmFsdW|mFsdWU|2YWx1/);
    }
  });

  it("are hidden whatever they are and whatever stands around them", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, one, after) => {
        for (const text of [`${before}${one}${after}`, `${before}${encodeURIComponent(one)}${after}`]) {
          const shown = redactSecrets(text, ["other", one]);
          expect(shown.replaceAll("[secret]", "")).not.toContain(one);
        }
        const whole = Math.floor(Buffer.byteLength(one) / 3) * 4;
        expect(redactSecrets(base64(`abc${one}${after}`), [one])).not.toContain(base64(one).slice(0, whole));
      }),
    );
  });

  it("leave no beginning of theirs where a text is cut", () => {
    for (let length = 4; length < SECRET.length; length++) {
      expect(redactSecrets(`said ${SECRET.slice(0, length)}`, [SECRET], true)).toBe("said [secret]");
    }
    expect(redactSecrets("said to", [SECRET], true)).toBe("said to");
  });

  it("leave other texts as they are", () => {
    expect(redactSecrets("nothing of it", [SECRET, ""], true)).toBe("nothing of it");
    expect(redactSecrets("", [SECRET])).toBe("");
  });
});

describe("what templates make of secrets", () => {
  it("is hidden whatever filter made it", () => {
    const [rendered, other] = ["Basic dXNlcjpwYXNz; app=shop v=P%40SS+word", "Basic dXNlcjotLQ; app=shop v=-"];
    expect(piecesOfSecrets(rendered, other)).toEqual(["dXNlcjpwYXNz", "P%40SS+word"]);
    expect(piecesOfSecrets("https://shop.example/orders?id=7", "https://shop.example/orders?id=7")).toEqual([]);
  });

  it("is hidden as a form encodes it", () => {
    const secret = "a b!c'(d)*&=";
    const encoded = ["a+b!c'(d)*%26%3D", "a%20b%21c%27%28d%29%2A%26%3D", "a+b%21c%27%28d%29%2A%26%3D"];
    for (const one of encoded) expect(redactSecrets(`?key=${one}`, [secret])).toBe("?key=[secret]");
  });
});
