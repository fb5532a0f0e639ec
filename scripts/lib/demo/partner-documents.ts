/** The demo partner's processing of documents: pure functions from a body to a reply. */

export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

/** The result of the validation of an invoice. */
export interface Verdict {
  readonly errorCode?: string;
  readonly errorText?: string;
  readonly report: object;
}

const VAT_TOLERANCE = 0.005;

export const json = (status: number, value: object): Reply => ({
  status,
  type: "application/json",
  body: `${JSON.stringify(value, null, 2)}\n`,
});

const xml = (status: number, body: string): Reply => ({ status, type: "application/xml; charset=utf-8", body });

/** Creates a sales order and answers its number, in the language of the order. */
export function createOrder(type: string, body: string, orderId: string): Reply {
  if (/[/+]xml\b/.test(type)) {
    const reference = elementText(body, "OrderNumber");
    if (!reference) return xml(400, "<Error>An order needs an OrderNumber.</Error>\n");
    return xml(
      201,
      `<OrderConfirmation>\n  <OrderId>${orderId}</OrderId>\n  <YourReference>${reference}</YourReference>\n</OrderConfirmation>\n`,
    );
  }
  const order = parseObject(body);
  if (typeof order?.orderNumber !== "string" || !Array.isArray(order.lines)) {
    return json(400, { message: "An order needs an orderNumber and lines." });
  }
  const amount = order.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const { currency } = order;
  return json(201, { orderId, yourReference: order.orderNumber, status: "accepted", amount, currency });
}

export function createCustomer(body: string, customerId: string): Reply {
  const customer = parseObject(body);
  if (typeof customer?.name !== "string") return json(400, { message: "A customer needs a name." });
  return json(201, { customerId, name: customer.name });
}

/** Books a shipment notice or an event of a shipment; `position` counts what was booked before. */
export function bookShipment(body: string, position: number): Reply {
  const message = parseObject(body);
  if (typeof message?.shipmentNumber !== "string") return json(400, { message: "A shipmentNumber is missing." });
  const { shipmentNumber, event = "announced" } = message;
  return json(200, { shipmentNumber, event, position });
}

/** Enters a validated invoice into the ledger. */
export function enterVoucher(body: string, voucherId: string): Reply {
  const report = parseObject(body);
  return json(201, { voucherId, invoice: report?.invoice, payable: report?.payable });
}

const STOCK = [
  ["BRK-160-H", "Disc brake set, hydraulic, 160 mm", 312, 40],
  ["CHN-11-118", "Chain, 11-speed, 118 links", 1840, 120],
  ["WHL-28-D", 'Wheel 28", dynamo hub', 6, 8],
] as const;

export const stockLevels = (now: Date): Reply =>
  json(200, {
    warehouse: "Deventer",
    asOf: now.toISOString(),
    items: STOCK.map(([item, description, onHand, reserved]) => {
      return { item, description, onHand, reserved, available: onHand - reserved };
    }),
  });

/** Checks an invoice in UBL: it has a number, and its lines and tax add up to what is to be paid. */
export function validateInvoice(body: string): Verdict {
  const invoice = elementText(body, "ID");
  if (!invoice) return refusedInvoice("INV-001", "The document is no UBL invoice with a number.", {});
  const lines = [...body.matchAll(/<(?:\w+:)?InvoiceLine>([\s\S]*?)<\/(?:\w+:)?InvoiceLine>/g)];
  const net = lines.reduce((sum, [, line = ""]) => sum + Number(elementText(line, "LineExtensionAmount")), 0);
  const tax = Number(elementText(body, "TaxAmount"));
  const payable = Number(elementText(body, "PayableAmount"));
  const report = { invoice, lines: lines.length, net, tax, payable };
  if (Math.abs(net + tax - payable) < VAT_TOLERANCE) return { report: { ...report, valid: true } };
  const text = `Lines and tax add up to ${(net + tax).toFixed(2)}, payable is ${payable.toFixed(2)}.`;
  return refusedInvoice("INV-017", text, report);
}

const refusedInvoice = (errorCode: string, errorText: string, report: object): Verdict => ({
  errorCode,
  errorText,
  report: { ...report, valid: false, errorCode, errorText },
});

/** Text of the first element of that name, whatever its prefix. Enough for the documents in `examples/`, no XML parser. */
function elementText(document: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(document)?.[1]?.trim();
}

// biome-ignore lint/suspicious/noExplicitAny: a demo document may hold anything; what is used of it is looked at first
function parseObject(body: string): Record<string, any> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
