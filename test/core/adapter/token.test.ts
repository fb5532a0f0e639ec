import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeAdapterToken, readAdapterToken } from "../../../src/core/adapter/token.ts";

const KEY = "a signing key of the gateway";
const OF = {
  subject: "7ca5c020-5919-400a-846f-ffb3ebf0a512",
  workspaceId: "1ed988a4-e84a-4014-b0dd-33fdc8e09579",
  adapterId: "a84cb072-06d1-4ee9-bbb9-84f0285ca54d",
  version: 3,
};
/** Those of the document. */
const [IAT, EXP] = [1_680_721_562, 1_680_725_162];
const token = await makeAdapterToken(KEY, OF, IAT, EXP - IAT);
const part = (index: number, of = token) =>
  JSON.parse(Buffer.from(of.split(".")[index] ?? "", "base64url").toString()) as Record<string, unknown>;

describe("the token of an adapter call", () => {
  it("is a JWT with HS256 and exactly the claims of the document (C29 CD12)", () => {
    expect(part(1)).toEqual({ sub: OF.subject, iat: IAT, exp: EXP });
    expect(part(0)).toMatchObject({ typ: "JWT", alg: "HS256" });
    expect(EXP - IAT).toBe(3_600);
  });

  it("is read back, expired or not, with the secret that its call was signed with (CD12)", () => {
    const uuid = fc.uuid();
    return fc.assert(
      fc.asyncProperty(
        fc.record({ subject: uuid, workspaceId: uuid, adapterId: uuid, version: fc.nat(999_999_999) }),
        fc.nat(4_000_000_000),
        fc.integer({ min: 1, max: 604_800 }),
        async (of, issuedAt, ttl) => {
          const made = await makeAdapterToken(KEY, of, issuedAt, ttl);
          expect(await readAdapterToken([KEY], made)).toEqual({ ...of, expiresAt: issuedAt + ttl });
        },
      ),
    );
  });

  it("is no token any more when one character is another, is missing or is added (CD3 CD12)", () => {
    const change = fc.constantFrom("change", "remove", "insert");
    const character = fc.constantFrom(..."ABCabc019-_.=+ ");
    return fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), change, character, async (at, how, by) => {
        const rest = token.slice(how === "insert" ? at : at + 1);
        const changed = `${token.slice(0, at)}${how === "remove" ? "" : by}${rest}`;
        fc.pre(changed !== token);
        expect(await readAdapterToken([KEY], changed)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it("is not what anybody else could sign: the signing key itself does not (CD12)", async () => {
    const text = token.split(".").slice(0, 2).join(".");
    for (const key of [KEY, "", "shared secret"])
      expect(
        await readAdapterToken([KEY], `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`),
      ).toBeNull();
    for (const head of ['{"alg":"none"}', '{"alg":"HS512"}', `{"alg":"none","kid":${JSON.stringify(part(0).kid)}}`]) {
      const claims = token.split(".")[1];
      const forged = `${Buffer.from(head).toString("base64url")}.${claims}.`;
      expect(await readAdapterToken([KEY], forged)).toBeNull();
    }
  });

  it("is read with any of the keys while one is rotated (CD12)", async () => {
    expect(await readAdapterToken(["new", KEY], token)).toMatchObject(OF);
    expect(await readAdapterToken(["new", "newer"], token)).toBeNull();
    expect(await readAdapterToken([], token)).toBeNull();
  });

  it.each(["", ".", "..", "a.b.c", "null", "e30.e30.", "x".repeat(1_000_000), `${token}${" ".repeat(2_000)}`])(
    "is not made of anything else (%#) (CD3)",
    async (text) => {
      expect(await readAdapterToken([KEY], text)).toBeNull();
    },
  );

  it("is not made of any text (CD3)", () =>
    fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await readAdapterToken([KEY], text)).toBeNull();
      }),
    ));
});
