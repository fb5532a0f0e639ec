import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hashCredential,
  isBasic,
  makeApiKey,
  makeToken,
  matchesHash,
  prefixOf,
  presentedToken,
  SECRET_BYTES,
  sameText,
  tokenId,
} from "../../../src/core/security/credential.ts";

const secret = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
const TOKEN = makeToken("11111111-2222-4333-8444-555555555555", new Uint8Array(SECRET_BYTES).fill(7));

describe("keys and tokens", () => {
  it("have at least 256 random bits", () => {
    expect(SECRET_BYTES).toBeGreaterThanOrEqual(32);
  });

  it("a token leads to its record's id, whatever its random part (LD3)", () => {
    fc.assert(
      fc.property(fc.uuid(), secret, (id, random) => {
        const token = makeToken(id, random);
        expect(token).toMatch(/^[\w-]+$/);
        expect(tokenId(token)).toBe(id);
      }),
    );
  });

  it("other texts are no tokens (LD3)", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(tokenId(text)).toBeNull();
      }),
    );
    for (const text of [`${TOKEN}x`, TOKEN.slice(0, -1), TOKEN.toUpperCase(), ` ${TOKEN}`, `${TOKEN}\n`]) {
      expect(tokenId(text)).toBeNull();
    }
  });

  it("what is stored is a SHA-256 hash, which only the very credential matches (LD3 ND4)", () => {
    expect(hashCredential("abc")).toBe(createHash("sha256").update("abc").digest("base64url"));
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(matchesHash(one, hashCredential(one))).toBe(true);
        expect(matchesHash(other, hashCredential(one))).toBe(one === other);
        if (one.length > 8) expect(hashCredential(one)).not.toContain(one);
      }),
    );
  });

  it("generated keys differ with their random bytes and fit into a header (N10)", () => {
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        expect(makeApiKey(one)).toMatch(/^[\x21-\x7e]{43,}$/);
        expect(makeApiKey(one) === makeApiKey(other)).toBe(Buffer.from(one).equals(other));
      }),
    );
  });

  it("what is shown of a key later leaves at least two thirds of it unknown (ND4)", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{8,256}$/), (key) => {
        const prefix = prefixOf(key);
        expect(key.startsWith(prefix)).toBe(true);
        expect(prefix.length).toBeLessThanOrEqual(Math.min(8, key.length / 3));
      }),
    );
  });

  it("texts are the same when they are equal, and of any length", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameText(a, b)).toBe(a === b);
        expect(sameText(a, a)).toBe(true);
      }),
    );
    expect(sameText("é", "e")).toBe(false);
  });
});

describe("the Authorization header", () => {
  it("Bearer with the token, its scheme in any case (LD3)", () => {
    for (const header of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN} `]) {
      expect(presentedToken(header)).toBe(TOKEN);
    }
  });

  it("Basic with an empty user name and the token as password (LD3)", () => {
    expect(presentedToken(basic(`:${TOKEN}`))).toBe(TOKEN);
    expect(presentedToken(basic(`:${TOKEN}`).replace("Basic", "basic"))).toBe(TOKEN);
    expect(presentedToken(basic(":with:colons"))).toBe("with:colons");
  });

  it("anything else is no token (LD3)", () => {
    const wrong = [
      null,
      "",
      TOKEN,
      "Bearer",
      "Bearer ",
      "Basic",
      `Digest ${TOKEN}`,
      `Token ${TOKEN}`,
      `Bearer ${TOKEN} more`,
      `Bearer ${TOKEN}, Bearer ${TOKEN}`,
      basic(`user:${TOKEN}`),
      basic(`${TOKEN}:`),
      basic(TOKEN),
      basic(":"),
      "Basic !!!",
    ];
    for (const header of wrong) expect([header, presentedToken(header)]).toEqual([header, null]);
  });

  it("Basic with a user name and password of any characters, and only these (ND2)", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (user, password, other) => {
        const name = user.replaceAll(":", "");
        expect(isBasic(basic(`${name}:${password}`), name, password)).toBe(true);
        expect(isBasic(basic(`${name}:${other}`), name, password)).toBe(other === password);
      }),
    );
    for (const header of [null, "", "Basic", "Basic ====", `Bearer ${TOKEN}`, `${basic("a:b")}, ${basic("a:b")}`]) {
      expect([header, isBasic(header, "a", "b")]).toEqual([header, false]);
    }
    expect(isBasic(basic(":"), "a", "b")).toBe(false);
  });
});
