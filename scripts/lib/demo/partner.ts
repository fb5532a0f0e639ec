/** The demo's partner on loopback: an ERP that answers at once, and a validation service that calls back. */

import { randomInt } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text as readText } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { closeAtOnce, listenOnLoopback } from "../../../tools/lib/loopback.ts";
import {
  bookShipment,
  createCustomer,
  createOrder,
  enterVoucher,
  json,
  type Reply,
  stockLevels,
} from "./partner-documents.ts";
import { validateLater } from "./partner-validation.ts";

export interface Partner {
  readonly url: string;
  close(): Promise<void>;
}

/** Identifies the partner in the answer at its root path. */
export const PARTNER_NAME = "hookback demo partner";

/** Shortest and longest duration of booking a shipment, in ms. */
const BOOKING_MS = [120, 320] as const;
/** Number of replies stored by idempotency key. */
const REMEMBERED = 1_000;

/**
 * @param token personal access token for callbacks.
 * @param port the wanted one; another is taken when it is not free. 0 for any.
 */
export async function startPartner(token: string, port = 0): Promise<Partner> {
  const answers = new Map<string, Promise<Reply>>();
  const server = createServer(async (request, response) => {
    const body = await readText(request);
    const answer = once(answers, request.headers["idempotency-key"], () => respond(token, request, body));
    const reply = await answer.catch((error) => json(500, { message: String(error) }));
    response.writeHead(reply.status, reply.type ? { "content-type": reply.type } : {}).end(reply.body);
  });
  const { url } = await listenOnLoopback(server, port).catch(() => listenOnLoopback(server));
  return { url, close: () => closeAtOnce(server) };
}

async function respond(token: string, { method, url, headers }: IncomingMessage, body: string): Promise<Reply> {
  switch (`${method} ${url}`) {
    case "GET /":
      return json(200, { name: PARTNER_NAME });
    case "GET /erp/stock":
      return stockLevels(new Date());
    case "POST /erp/orders":
      return createOrder(headers["content-type"] ?? "", body, `SO-${randomInt(100_000, 1_000_000)}`);
    case "POST /erp/customers":
      return createCustomer(body, `C-${randomInt(10_000, 100_000)}`);
    case "POST /erp/vouchers":
      return enterVoucher(body, `V-${randomInt(100_000, 1_000_000)}`);
    case "POST /erp/shipments":
      return book(body);
    case "POST /validation/invoices":
      return validateLater(token, headers, body);
    default:
      return json(404, { message: `There is no ${method} ${url} here.` });
  }
}

let booked = 0;

async function book(body: string): Promise<Reply> {
  await sleep(randomInt(...BOOKING_MS));
  return bookShipment(body, ++booked);
}

/** Deduplicates requests by idempotency key, because the gateway delivers at least once. */
function once(
  answers: Map<string, Promise<Reply>>,
  key: string | string[] | undefined,
  carryOut: () => Promise<Reply>,
): Promise<Reply> {
  const known = typeof key === "string" ? answers.get(key) : undefined;
  const answer = known ?? carryOut();
  if (typeof key === "string") answers.set(key, answer);
  if (answers.size > REMEMBERED) answers.delete(answers.keys().next().value as string);
  return answer;
}
