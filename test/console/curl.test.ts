import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Trigger } from "../../src/client/index.ts";
import { curlOf } from "../../src/console/pages/triggers/test/curl.ts";
import { beginVerification, SignatureRefusal } from "../../src/core/security/signature.ts";

const TRIGGER: Trigger = {
  name: "orders",
  url: "https://gateway.example/demo/orders",
  flow: "orders",
  methods: ["GET", "POST"],
  auth: { type: "none" },
  orderedDelivery: false,
  requestResponse: false,
  query: [],
};
const SECRET = `whsec_${Buffer.from("sixteen bytes or more").toString("base64")}`;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** The words that curl is called with, as a shell reads the command. */
function words(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command.replace("YOUR_SECRET", SECRET)}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

const following = (args: string[], option: string) =>
  args.flatMap((arg, index) => (args[index - 1] === option ? [arg] : []));

describe("the curl command of a trigger", () => {
  it("has method, query with defaults, credentials and body", () => {
    const query = [{ name: "status", default: "new & used" }, { name: "source" }];
    const args = words(curlOf({ ...TRIGGER, query, auth: { type: "apiKeys" } }, "POST"));
    expect(following(args, "-X")).toEqual(["POST"]);
    expect(args).toContain("https://gateway.example/demo/orders?status=new%20%26%20used&source=value");
    expect(following(args, "-H")).toEqual(["x-api-key: YOUR_API_KEY", "content-type: application/json"]);
    expect(following(args, "--data-binary")).toEqual(['{"id": 1}']);
  });

  it.each(["GET", "OPTIONS"] as const)("%s has no body", (method) => {
    expect(words(curlOf(TRIGGER, method))).toEqual(["-i", "-X", method, TRIGGER.url]);
  });

  it("HEAD waits for none", () => {
    expect(words(curlOf(TRIGGER, "HEAD"))).toEqual(["-i", "-I", TRIGGER.url]);
  });

  it("nothing in it is read by the shell", () => {
    const username = `it's $(exit 1) "\`x\`"`;
    const auth = { type: "basic", username, passwordSecret: "p" } as const;
    const query = [{ name: "'; exit 1; '", default: "$HOME" }];
    const args = words(curlOf({ ...TRIGGER, auth, query }, "POST"));
    expect(following(args, "-u")).toEqual([`${username}:PASSWORD`]);
    expect(args).toContain(`${TRIGGER.url}?'%3B%20exit%201%3B%20'=%24HOME`);
  });

  const hmac = { type: "signature", scheme: "hmac", secret: "s", header: "x-sig", prefix: "" } as const;
  it.skipIf(!hasOpenssl).each([
    ...(["standard-webhooks", "github", "stripe", "shopify", "slack", "chainio"] as const).map(
      (scheme) => ({ type: "signature", scheme, secret: "s" }) as const,
    ),
    { ...hmac, algorithm: "sha1", encoding: "hex", payload: "{body}" } as const,
    {
      ...hmac,
      algorithm: "sha512",
      encoding: "base64",
      payload: '$x "{timestamp}" `{body}`',
      timestampHeader: "x-at",
    } as const,
  ])("signs so that the gateway takes it: $scheme", (auth) => {
    const args = words(curlOf({ ...TRIGGER, auth }, "POST"));
    const headers = new Headers(following(args, "-H").map((line) => line.split(": ", 2) as [string, string]));
    const check = beginVerification(auth, [SECRET], (name) => headers.get(name), Date.now());
    if (check instanceof SignatureRefusal) throw new Error(check.code);
    check.update(Buffer.from(following(args, "--data-binary")[0] ?? ""));
    expect(check.finish()).toBe(null);
  });
});
