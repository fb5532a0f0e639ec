/** Starts the adapter: `SHARED_SECRET=... node main.mjs`. README.md names all variables. */
import { convertFiles } from "./convert.mjs";
import { registerShipments } from "./register.mjs";
import { createAdapter } from "./server.mjs";

const {
  PORT = "8790",
  HOST = "127.0.0.1",
  SHARED_SECRET,
  PREVIOUS_SHARED_SECRET,
  CALLBACK_URL = "http://127.0.0.1:8787/adapter/callback",
  MAX_REQUEST_BYTES = String(64 * 1024 * 1024),
} = process.env;

if (!SHARED_SECRET) {
  console.error("Set SHARED_SECRET to the shared_secret that the adapter was created with.");
  process.exit(2);
}
if (!URL.canParse(CALLBACK_URL)) {
  console.error("CALLBACK_URL is not a URL.");
  process.exit(2);
}

const adapter = createAdapter({
  converters: { "/input": convertFiles, "/output": registerShipments },
  secrets: PREVIOUS_SHARED_SECRET ? [SHARED_SECRET, PREVIOUS_SHARED_SECRET] : [SHARED_SECRET],
  callbackUrl: CALLBACK_URL,
  maxRequestBytes: Number(MAX_REQUEST_BYTES),
  log: (line) => console.log(line),
});

adapter.server.listen(Number(PORT), HOST, () => {
  const address = adapter.server.address();
  const port = typeof address === "object" && address ? address.port : PORT;
  console.log(`The adapter listens at http://${HOST}:${port}/input and http://${HOST}:${port}/output`);
});

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  // A second signal ends it at once.
  process.once(signal, () => adapter.close());
}
