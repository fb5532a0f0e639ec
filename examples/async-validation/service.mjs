/** A validation service: takes an invoice with 202, looks at it for a while, and calls back with what it found. */
import { createServer } from "node:http";
import { readLinkCall, sendLinkCallback, sendLinkProgress } from "hookback/partner";

const { PORT = "9104", WORK_MS = "500", SERVICE_TOKEN } = process.env;
if (!SERVICE_TOKEN) throw new Error("Set SERVICE_TOKEN to a token with the permission asyncflow.callback.send.");
const credentials = { token: SERVICE_TOKEN };

/** Step runs that were taken. The same one may come again, when the answer to its request got lost. */
const taken = new Set();

const server = createServer(async (request, response) => {
  const call = readLinkCall(request);
  if (!call) return response.writeHead(400).end("This is not the request of an asynchronous step.\n");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.writeHead(202).end();
  if (taken.has(call.idempotencyKey)) return;
  taken.add(call.idempotencyKey);
  // A service for daily use keeps the call with the invoice, so that a restart loses neither.
  await validate(call, JSON.parse(Buffer.concat(chunks).toString("utf8")));
});

async function validate(call, invoice) {
  await sendLinkProgress(call, credentials, "The totals are being checked");
  await new Promise((resolve) => setTimeout(resolve, Number(WORK_MS)));
  const sum = invoice.lines.reduce((total, { amount }) => total + amount, 0);
  const isValid = sum === invoice.total;
  const { isDelivered, detail } = await sendLinkCallback(
    call,
    credentials,
    isValid
      ? {
          status: "Ok",
          contentType: "application/json",
          body: JSON.stringify({ invoice: invoice.number, by: "validation service" }),
        }
      : {
          status: "Failed",
          documentStatus: "Rejected by validation",
          errorCode: "SUM",
          errorText: `The lines add up to ${sum}, the total says ${invoice.total}`,
        },
  );
  console.log(
    `service: ${invoice.number} is ${isValid ? "valid" : "invalid"}, callback ${isDelivered ? "taken" : detail}`,
  );
}

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The service listens on http://127.0.0.1:${PORT}`));
