import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONCE_BYTES, openSecret, sealSecret } from "../../../src/core/security/secret-box.ts";

const KEY = "an encryption key of at least thirty-two characters";
const OTHER_KEY = "another encryption key of thirty-two characters";
const NONCE = new Uint8Array(NONCE_BYTES).fill(9);
const PLACE = "11111111-2222-4333-8444-555555555555:erp";

const nonce = fc.uint8Array({ minLength: NONCE_BYTES, maxLength: NONCE_BYTES });
const text = fc.string({ unit: "grapheme", maxLength: 200 });

describe("secrets at rest", () => {
  it("open to what was sealed, in their place and under their key", () => {
    fc.assert(
      fc.property(nonce, text, text, (random, place, secret) => {
        const sealed = sealSecret(KEY, random, place, secret);
        expect(openSecret([KEY], place, sealed)).toBe(Buffer.from(secret).toString());
      }),
    );
  });

  it("do not show the secret", () => {
    const sealed = sealSecret(KEY, NONCE, PLACE, "correct horse battery staple");
    expect(Buffer.from(sealed, "base64").toString("latin1")).not.toContain("horse");
    expect(sealed).not.toBe(sealSecret(KEY, new Uint8Array(NONCE_BYTES), PLACE, "correct horse battery staple"));
  });

  it("open in no other place", () => {
    fc.assert(
      fc.property(text, text, (place, other) => {
        fc.pre(!Buffer.from(place).equals(Buffer.from(other)));
        expect(openSecret([KEY], other, sealSecret(KEY, NONCE, place, "secret"))).toBeNull();
      }),
    );
  });

  it("open under no other key, and under none", () => {
    const sealed = sealSecret(KEY, NONCE, PLACE, "secret");
    expect(openSecret([OTHER_KEY], PLACE, sealed)).toBeNull();
    expect(openSecret([], PLACE, sealed)).toBeNull();
  });

  it("open with any one bit changed never", () => {
    const bytes = Buffer.from(sealSecret(KEY, NONCE, PLACE, "secret"), "base64");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(openSecret([KEY], PLACE, changed.toString("base64"))).toBeNull();
    }
  });

  it("open never when they are cut short, lengthened or nonsense", () => {
    const sealed = Buffer.from(sealSecret(KEY, NONCE, PLACE, "secret"), "base64");
    for (let length = 0; length < sealed.length; length++) {
      expect(openSecret([KEY], PLACE, sealed.subarray(0, length).toString("base64"))).toBeNull();
    }
    expect(openSecret([KEY], PLACE, Buffer.concat([sealed, Buffer.of(0)]).toString("base64"))).toBeNull();
    fc.assert(
      fc.property(fc.string(), (nonsense) => {
        expect(openSecret([KEY], PLACE, nonsense)).toBeNull();
      }),
    );
  });

  it("open with the old key while it is rotated out, and not after", () => {
    const old = sealSecret(OTHER_KEY, NONCE, PLACE, "old");
    const fresh = sealSecret(KEY, NONCE, PLACE, "fresh");
    expect(openSecret([KEY, OTHER_KEY], PLACE, old)).toBe("old");
    expect(openSecret([KEY, OTHER_KEY], PLACE, fresh)).toBe("fresh");
    expect(openSecret([KEY], PLACE, old)).toBeNull();
  });
});
