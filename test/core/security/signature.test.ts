import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SignatureAuth, triggerAuth } from "../../../src/core/schema/trigger-auth.ts";
import { beginVerification, type SignatureFault, SignatureRefusal } from "../../../src/core/security/signature.ts";
import { flipByte, SENDERS, type Sender } from "../../support/senders.ts";

const NOW = Date.UTC(2027, 0, 31, 12);
const MINUTE_MS = 60_000;

interface Attempt {
  readonly headers: Headers;
  readonly body: Buffer;
  readonly secrets: (string | null)[];
}

const authOf = ({ auth }: Sender) => triggerAuth.parse({ type: "signature", secret: "s", ...auth }) as SignatureAuth;

async function signed(sender: Sender, atMs = NOW, secret = sender.makeSecret()): Promise<Attempt> {
  const body = Buffer.from(sender.body);
  return { headers: new Headers(await sender.sign(secret, sender.body, atMs)), body, secrets: [secret] };
}

/** The code of the rule that fails, null when none does; the body comes in pieces of `size` bytes. */
function verdict(sender: Sender, { headers, body, secrets }: Attempt, size = 7): SignatureFault | null {
  const check = beginVerification(authOf(sender), secrets, (name) => headers.get(name), NOW);
  if (check instanceof SignatureRefusal) return check.code;
  for (let at = 0; at < body.length; at += size) check.update(body.subarray(at, at + size));
  return check.finish()?.code ?? null;
}

/** The attempt with its headers changed. */
function withHeaders(attempt: Attempt, change: (headers: Headers) => void): Attempt {
  const headers = new Headers(attempt.headers);
  change(headers);
  return { ...attempt, headers };
}

describe.each(Object.entries(SENDERS))("a signature of %s (ND2)", (_, sender) => {
  it("is accepted, however the body is cut", async () => {
    const attempt = await signed(sender);
    for (const size of [1, 16, 1_000_000]) expect(verdict(sender, attempt, size)).toBeNull();
  });

  it("is for these very bytes: any one that is changed, missing or more is a mismatch", async () => {
    const attempt = await signed(sender);
    for (const at of [0, attempt.body.length >> 1, attempt.body.length - 1]) {
      expect(verdict(sender, { ...attempt, body: flipByte(attempt.body, at) })).toBe("signature-mismatch");
    }
    for (const body of [attempt.body.subarray(1), Buffer.concat([attempt.body, Buffer.from(" ")]), Buffer.alloc(0)]) {
      expect(verdict(sender, { ...attempt, body })).toBe("signature-mismatch");
    }
  });

  it("is from one of the secrets, while one is rotated", async () => {
    const attempt = await signed(sender);
    const other = sender.makeSecret();
    expect(verdict(sender, { ...attempt, secrets: [other] })).toBe("signature-mismatch");
    expect(verdict(sender, { ...attempt, secrets: [other, ...attempt.secrets] })).toBeNull();
    expect(verdict(sender, { ...attempt, secrets: [...attempt.secrets, other] })).toBeNull();
    expect(verdict(sender, { ...attempt, secrets: [null, ...attempt.secrets] })).toBeNull();
  });

  it("is refused without a secret", async () => {
    const attempt = await signed(sender);
    expect(verdict(sender, { ...attempt, secrets: [] })).toBe("secret-missing");
    expect(verdict(sender, { ...attempt, secrets: [null, null] })).toBe("secret-missing");
    expect(verdict(sender, { ...attempt, secrets: [""] })).toBe("secret-undecodable");
  });

  it("is required", async () => {
    const attempt = await signed(sender);
    const without = withHeaders(attempt, (headers) => headers.delete(sender.header));
    const empty = withHeaders(attempt, (headers) => headers.set(sender.header, ""));
    expect([verdict(sender, without), verdict(sender, empty)]).toEqual(["header-missing", "header-missing"]);
  });

  it("sent twice is refused, the same or another (ND14)", async () => {
    const attempt = await signed(sender);
    const value = attempt.headers.get(sender.header) ?? "";
    const { headers } = await signed(sender);
    for (const second of [value, headers.get(sender.header) ?? "", "x"]) {
      const twice = withHeaders(attempt, (all) => all.append(sender.header, second));
      expect(verdict(sender, twice)).toBe("header-repeated");
      const before = withHeaders(attempt, (all) => all.set(sender.header, `${second}, ${value}`));
      expect(verdict(sender, before)).toBe("header-repeated");
      // As a proxy may join them.
      const joined = withHeaders(attempt, (all) => all.set(sender.header, `${value},${second}`));
      if (second !== "x") expect(verdict(sender, joined)).not.toBeNull();
    }
  });

  it("that is none is refused", async () => {
    const attempt = await signed(sender);
    const value = attempt.headers.get(sender.header) ?? "";
    for (const wrong of [
      "x",
      value.slice(0, -4),
      `${value}AAAA`,
      value.replace(/=/g, ""),
      `%${value}`,
      "v1=,t=",
      "====",
    ]) {
      const code = verdict(
        sender,
        withHeaders(attempt, (headers) => headers.set(sender.header, wrong)),
      );
      expect([wrong, code]).not.toEqual([wrong, null]);
    }
  });

  if (sender.isTimed) {
    it("is at most 5 minutes old, and not from a later time (ND14)", async () => {
      const codes = [-5, -4.9, 0, 4.9, 5].map(async (minutes) =>
        verdict(sender, await signed(sender, NOW + minutes * MINUTE_MS)),
      );
      expect(await Promise.all(codes)).toEqual([null, null, null, null, null]);
      expect(verdict(sender, await signed(sender, NOW - 5 * MINUTE_MS - 1000))).toBe("timestamp-too-old");
      expect(verdict(sender, await signed(sender, NOW + 5 * MINUTE_MS + 1000))).toBe("timestamp-too-new");
      expect(verdict(sender, await signed(sender, 0))).toBe("timestamp-too-old");
    });
  }

  const { timestampHeader } = sender;
  if (timestampHeader !== undefined) {
    it("the time is signed with the body, and sent once (ND14)", async () => {
      const attempt = await signed(sender);
      const at = attempt.headers.get(timestampHeader) ?? "";
      const cases: [(headers: Headers) => void, SignatureFault][] = [
        [
          (headers) =>
            headers.set(
              timestampHeader,
              at.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
            ),
          "signature-mismatch",
        ],
        [(headers) => headers.delete(timestampHeader), "header-missing"],
        [(headers) => headers.append(timestampHeader, at), "header-repeated"],
        [(headers) => headers.set(timestampHeader, "yesterday"), "timestamp-malformed"],
        [(headers) => headers.set(timestampHeader, `${at}.5`), "timestamp-malformed"],
        [(headers) => headers.set(timestampHeader, `-${at}`), "timestamp-malformed"],
      ];
      for (const [change, code] of cases) expect(verdict(sender, withHeaders(attempt, change))).toBe(code);
    });
  }

  it("any header value whatever is an answer, never an exception", async () => {
    const attempt = await signed(sender);
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{0,200}$/), (value) => {
        const forged = withHeaders(attempt, (headers) => headers.set(sender.header, value));
        expect(verdict(sender, forged)).not.toBeNull();
      }),
    );
  });
});

describe("several signatures in one header (ND2)", () => {
  const { standardwebhooks, stripe } = SENDERS as Record<"standardwebhooks" | "stripe", Sender>;

  it("Standard Webhooks separates them by spaces; any of them counts, of version v1 alone", async () => {
    const attempt = await signed(standardwebhooks);
    const value = attempt.headers.get("webhook-signature") ?? "";
    const other = (await signed(standardwebhooks)).headers.get("webhook-signature") ?? "";
    const tell = (text: string) =>
      verdict(
        standardwebhooks,
        withHeaders(attempt, (headers) => headers.set("webhook-signature", text)),
      );
    for (const text of [`${other} ${value}`, `${value} ${other}`, `v1a,AAAA ${value}`, `v1,short ${value}`]) {
      expect(tell(text)).toBeNull();
    }
    expect(tell(`${other} ${other}`)).toBe("signature-mismatch");
    for (const text of [value.replace("v1,", "v2,"), value.replace("v1,", "v1a,"), value.slice(3)]) {
      expect(tell(text)).toBe("signature-malformed");
    }
  });

  it("Standard Webhooks signs the message id too", async () => {
    const attempt = await signed(standardwebhooks);
    const tell = (change: (headers: Headers) => void) => verdict(standardwebhooks, withHeaders(attempt, change));
    expect(tell((headers) => headers.set("webhook-id", "msg_other"))).toBe("signature-mismatch");
    expect(tell((headers) => headers.delete("webhook-id"))).toBe("header-missing");
    expect(tell((headers) => headers.append("webhook-id", "msg_other"))).toBe("header-repeated");
  });

  it("Stripe sends a v1 for each secret, and a v0 that does not count", async () => {
    const attempt = await signed(stripe);
    const [t = "", v1 = ""] = (attempt.headers.get("stripe-signature") ?? "").split(",");
    const [, other = ""] = ((await signed(stripe)).headers.get("stripe-signature") ?? "").split(",");
    const tell = (text: string) =>
      verdict(
        stripe,
        withHeaders(attempt, (all) => all.set("stripe-signature", text)),
      );
    for (const text of [`${t},${other},${v1}`, `${t},${v1},${other}`, `${v1},${t}`, `${t},${v1},v0=6ffbb59b`]) {
      expect(tell(text)).toBeNull();
    }
    expect(tell(`${t},${other}`)).toBe("signature-mismatch");
    expect(tell(`${t},${v1.replace("v1", "v0")}`)).toBe("signature-malformed");
    expect(tell(v1)).toBe("timestamp-malformed");
    expect(tell(`${t},${t},${v1}`)).toBe("header-repeated");
  });

  it("a secret of Standard Webhooks that does not decode refuses, whatever was signed with it", async () => {
    const attempt = await signed(standardwebhooks);
    const [secret = ""] = attempt.secrets;
    for (const wrong of [secret?.slice("whsec_".length), "whsec_", "whsec_c2hvcnQ=", "whsec_%%%%", "plain text"]) {
      expect(verdict(standardwebhooks, { ...attempt, secrets: [wrong ?? ""] })).toBe("secret-undecodable");
      expect(verdict(standardwebhooks, { ...attempt, secrets: [wrong ?? "", secret ?? ""] })).toBeNull();
    }
  });

  it("the secrets of all others are used as they are, a whsec_ of Stripe included", async () => {
    const secret = "whsec_not base64 at all";
    expect(verdict(stripe, await signed(stripe, NOW, secret))).toBeNull();
  });
});

describe("the generic scheme (ND2)", () => {
  const sha1 = SENDERS["a sender with SHA-1 over the bare body"] as Sender;

  it("takes hexadecimal digits in either case", async () => {
    const attempt = await signed(sha1);
    const value = attempt.headers.get("x-hub-signature") ?? "";
    const upper = withHeaders(attempt, (headers) =>
      headers.set("x-hub-signature", `sha1=${value.slice(5).toUpperCase()}`),
    );
    expect(verdict(sha1, upper)).toBeNull();
  });

  it("checks a time that is not signed all the same", async () => {
    const timed = { ...sha1, auth: { ...sha1.auth, timestampHeader: "x-time" } };
    const attempt = await signed(sha1);
    const tell = (value: string) =>
      verdict(
        timed,
        withHeaders(attempt, (headers) => headers.set("x-time", value)),
      );
    expect(tell(String(NOW / 1000))).toBeNull();
    expect(tell(String(NOW))).toBeNull();
    expect(tell(String(NOW / 1000 - 301))).toBe("timestamp-too-old");
    expect(verdict(timed, attempt)).toBe("header-missing");
  });
});

it("a refusal names its rule and header, and holds neither secret nor signature", async () => {
  for (const sender of Object.values(SENDERS)) {
    const { headers, secrets } = await signed(sender);
    const check = beginVerification(authOf(sender), secrets, (name) => headers.get(name), NOW);
    if (check instanceof SignatureRefusal) throw new Error(check.code);
    expect({ ...check.finish() }).toEqual({ code: "signature-mismatch", header: expect.stringMatching(/^[\w-]+$/) });
  }
});
