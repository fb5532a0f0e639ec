/** A shop. Neither the payment service nor the customer's browser reaches it directly: both come by the gateway. */
import { createServer } from "node:http";
import { createClient } from "hookback/client";
import { SignatureError, verifyWebhook } from "hookback/partner";

const {
  PORT = "9102",
  PAYMENT_URL = "http://127.0.0.1:9112",
  HOOKBACK_URL = "http://127.0.0.1:8787",
  HOOKBACK_WORKSPACE = "payment-return",
  SHOP_TOKEN,
  SHOP_SECRET = "",
} = process.env;

const { callbacks } = createClient({ url: HOOKBACK_URL, token: SHOP_TOKEN }).workspace(HOOKBACK_WORKSPACE);

/** What the payment service said of each order. */
const payments = new Map();
/** The same message may come more than once: at least once is what delivery means. */
const seen = new Set();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  try {
    if (url.pathname === "/checkout") return await checkOut(url, response);
    if (url.pathname === "/payments") return await takePayment(request, response);
    if (url.pathname === "/thanks")
      return response.end(`Thank you for order ${Number(url.searchParams.get("order"))}.\n`);
    response.writeHead(404).end();
  } catch (error) {
    console.error(`shop: ${error}`);
    response.writeHead(error instanceof SignatureError ? 401 : 500).end();
  }
});

/** Two URLs for each payment: one for the customer, one for the payment service. */
async function checkOut({ searchParams }, response) {
  const order = searchParams.get("order") ?? "1";
  const [back, status] = await Promise.all([
    callbacks.create({
      config: "payment-return",
      callbackActivityCase: `order ${order}`,
      responseRedirectUrl: `http://127.0.0.1:${PORT}/thanks?order=${encodeURIComponent(order)}`,
    }),
    callbacks.create({ config: "payment-status", callbackActivityCase: `order ${order}` }),
  ]);
  const query = new URLSearchParams({
    ...{ reference: order, returnUrl: back.callbackUrl, statusUrl: status.callbackUrl },
    ...(searchParams.has("pay") && { pay: "now" }),
  });
  response.writeHead(302, { location: `${PAYMENT_URL}/pay?${query}` }).end();
}

async function takePayment(request, response) {
  const webhook = await verifyWebhook(await read(request), SHOP_SECRET);
  const { reference, status } = webhook.json();
  if (!seen.has(webhook.id)) {
    seen.add(webhook.id);
    // Two calls of one callback are two executions, which may overtake each other: paid stays paid.
    if (payments.get(reference) !== "paid") payments.set(reference, status);
    console.log(`shop: order ${reference} is ${status}`);
  }
  response.writeHead(204).end();
}

/** The bytes as they came: the signature is over these. */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return { headers: request.headers, body: Buffer.concat(chunks) };
}

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The shop listens on http://127.0.0.1:${PORT}`));
