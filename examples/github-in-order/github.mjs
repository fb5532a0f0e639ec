/** Plays GitHub: sends signed push events of two repositories, one of them twice. `node github.mjs <trigger URL>` */
import { createHmac, randomUUID } from "node:crypto";

const [url = "http://127.0.0.1:8787/github-in-order/github"] = process.argv.slice(2);
const { GITHUB_SECRET } = process.env;
if (!GITHUB_SECRET) throw new Error("Set GITHUB_SECRET to the secret of the webhook.");

/** Answers the status and what came of it. */
async function deliver(repository, number, id = randomUUID()) {
  const body = JSON.stringify({ ref: "refs/heads/main", number, repository: { full_name: repository } });
  const signature = createHmac("sha256", GITHUB_SECRET).update(body).digest("hex");
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    },
    body,
  });
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  console.log(`github: ${repository} #${number} answered ${response.status}${isReplayed ? ", delivered before" : ""}`);
}

for (let number = 1; number <= 4; number++) {
  await deliver("acme/shop", number);
  await deliver("acme/site", number);
}
const id = randomUUID();
await deliver("acme/shop", 5, id);
await deliver("acme/shop", 5, id);
