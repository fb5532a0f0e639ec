import { describe, expect, it } from "vitest";
import { triggerInput } from "../../../src/core/schema/trigger.ts";
import { problemsOf } from "../../support/core/schema.ts";

const problems = (more: object) => problemsOf(triggerInput, { flow: "orders", ...more });
const auth = (more: object) => problems({ auth: more });
const signature = (more: object) => auth({ type: "signature", secret: "s", ...more });
const hmac = (more: object = {}) =>
  signature({ scheme: "hmac", header: "X-Signature", algorithm: "sha256", encoding: "hex", ...more });

describe("the authentication of a trigger", () => {
  it("is one of four kinds (ND2)", () => {
    expect(auth({ type: "none" })).toEqual([]);
    expect(auth({ type: "apiKeys" })).toEqual([]);
    expect(auth({ type: "basic", username: "shop", passwordSecret: "shop-password" })).toEqual([]);
    expect(signature({ scheme: "github" })).toEqual([]);
    expect(auth({ type: "digest" })).toEqual(["auth.type"]);
    expect(auth({})).toEqual(["auth.type"]);
  });

  it("basic has a user name, which a header can carry, and the name of a secret (ND2 ND16)", () => {
    expect(auth({ type: "basic" })).toEqual(["auth.passwordSecret", "auth.username"]);
    for (const username of ["", "a:b", "a\nb", 5, "x".repeat(256)]) {
      expect(auth({ type: "basic", username, passwordSecret: "p" })).toEqual(["auth.username"]);
    }
    expect(auth({ type: "basic", username: "å €", passwordSecret: "p" })).toEqual([]);
    expect(auth({ type: "basic", username: "u", passwordSecret: "no name" })).toEqual(["auth.passwordSecret"]);
    expect(auth({ type: "basic", username: "u", password: "p", passwordSecret: "p" })).toEqual(["auth.password"]);
  });

  it("a signature is of one of seven schemes (ND2)", () => {
    for (const scheme of ["standard-webhooks", "github", "stripe", "shopify", "slack", "chainio"]) {
      expect(signature({ scheme })).toEqual([]);
      expect(signature({ scheme, header: "x-other" })).toEqual(["auth.header"]);
    }
    expect(signature({ scheme: "rsa" })).toEqual(["auth.scheme"]);
    expect(signature({})).toEqual(["auth.scheme"]);
  });

  it("a signature has one secret or up to five (ND2)", () => {
    const secret = (value: unknown) => signature({ scheme: "github", secret: value });
    for (const value of ["one", ["one"], ["one", "two", "three", "four", "five"]]) expect(secret(value)).toEqual([]);
    for (const value of [undefined, "", [], "no name", 5, ["a", "b", "c", "d", "e", "f"], {}]) {
      expect([value, secret(value)]).toEqual([value, ["auth.secret"]]);
    }
  });

  it("the generic scheme names header, algorithm and encoding, and may say more (ND2)", () => {
    expect(hmac()).toEqual([]);
    expect(hmac({ prefix: "v0=", timestampHeader: "x-time", payload: "v0:{timestamp}:{body}" })).toEqual([]);
    expect(hmac({ timestampHeader: "x-time" })).toEqual([]);
    expect(signature({ scheme: "hmac" })).toEqual(["auth.algorithm", "auth.encoding", "auth.header"]);
    const given = { type: "signature", secret: "s", scheme: "hmac", header: "X", algorithm: "sha1", encoding: "hex" };
    expect(triggerInput.parse({ flow: "f", auth: given }).auth).toEqual({ ...given, prefix: "", payload: "{body}" });
  });

  it("what is wrong with the generic scheme is told by its field (ND16)", () => {
    const wrong: [object, string][] = [
      [{ header: "x signature" }, "auth.header"],
      [{ header: "" }, "auth.header"],
      [{ header: "x:y" }, "auth.header"],
      [{ algorithm: "md5" }, "auth.algorithm"],
      [{ encoding: "base32" }, "auth.encoding"],
      [{ prefix: "a, b" }, "auth.prefix"],
      [{ prefix: "a\n" }, "auth.prefix"],
      [{ timestampHeader: "x time" }, "auth.timestampHeader"],
      [{ payload: "{timestamp}.{body}" }, "auth.timestampHeader"],
      [{ payload: "body" }, "auth.payload"],
      [{ payload: "{body}{body}" }, "auth.payload"],
      [{ payload: "{url}{body}" }, "auth.payload"],
      [{ payload: "" }, "auth.payload"],
      [{ tolerance: 600 }, "auth.tolerance"],
    ];
    for (const [more, field] of wrong) expect([more, hmac(more)]).toEqual([more, [field]]);
  });
});

describe("the handshake of a trigger", () => {
  const handshake = (value: unknown) => problems({ handshake: value });

  it("is off, or one of six, with a secret where one proves something (ND14)", () => {
    expect(triggerInput.parse({ flow: "f" })).not.toHaveProperty("handshake");
    for (const scheme of ["meta", "zoom", "x-crc"]) {
      expect(handshake({ scheme, secret: "s" })).toEqual([]);
      expect(handshake({ scheme })).toEqual(["handshake.secret"]);
    }
    for (const scheme of ["slack", "microsoft-graph", "cloudevents"]) {
      expect(handshake({ scheme })).toEqual([]);
      expect(handshake({ scheme, secret: "s" })).toEqual(["handshake.secret"]);
    }
  });

  it("anything else is refused by its field (ND16)", () => {
    for (const value of [{}, { scheme: "facebook" }]) expect(handshake(value)).toEqual(["handshake.scheme"]);
    expect(handshake("slack")).toEqual(["handshake"]);
    expect(handshake({ scheme: "slack", path: "/" })).toEqual(["handshake.path"]);
  });
});
