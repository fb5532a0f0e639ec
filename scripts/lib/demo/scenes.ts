/** The scenes of the demo, one function for each use of the gateway. */
import { parseObject } from "../../../tools/lib/parse-object.ts";
import { type Answer, readDocument, type Stage } from "./stage.ts";

export const SCENES = [query, order, consumerKey, shipment, validInvoice, invalidInvoice];

async function query(stage: Stage): Promise<void> {
  stage.title("A query: the caller gets the ERP's answer");
  const answer = await stage.call("stock");
  await stage.follow({ id: answer.executionId, name: "" });
  stage.expect("200 with the stock as JSON", answer.status === 200 && Array.isArray(parse(answer.text).items));
}

async function order(stage: Stage): Promise<void> {
  stage.title("Request-response: an order goes in, the number that the ERP gave it comes out");
  const created = await stage.call("orders", { document: "order.json" });
  await stage.follow({ id: created.executionId, name: "" });
  stage.expect("200 with the number of the new order", /^SO-\d+$/.test(String(parse(created.text).orderId)));
  const inXml = await stage.call("orders", { document: "order.xml" });
  await stage.follow({ id: inXml.executionId, name: "" });
  const isXml = inXml.headers.get("content-type") === "application/xml; charset=utf-8";
  stage.expect(
    "an order in XML is answered in XML, type and bytes unchanged",
    isXml && /<OrderId>SO-/.test(inXml.text),
  );
}

async function consumerKey(stage: Stage): Promise<void> {
  stage.title("API keys: only a consumer with a key of the trigger gets in");
  const refused = await stage.call("customers", { document: "customer.json" });
  stage.expect("without a key 401, and no execution", refused.status === 401 && refused.executionId === "");
  const { keys } = stage.workspace;
  const { id, key } = await keys.create("customers", { label: "npm run demo" });
  const created = await stage.call("customers", { document: "customer.json", headers: { "x-api-key": key } });
  await keys.delete("customers", id);
  await stage.follow({ id: created.executionId, name: "" });
  stage.expect(
    "with it 200 and the number of the new customer",
    /^C-\d+$/.test(String(parse(created.text).customerId)),
  );
}

async function shipment(stage: Stage): Promise<void> {
  stage.title("Ordered delivery: a shipment notice and five events, one at a time, in the order they came");
  const bodies = [readDocument("shipment.json"), ...events()];
  const accepted: Answer[] = [];
  for (const body of bodies) {
    const document = accepted.length === 0 ? "shipment.json" : "shipment-events.json";
    accepted.push(await stage.call("shipments", { document, body }));
  }
  const followed = accepted.map(({ executionId }, index) => ({ id: executionId, name: `#${index + 1}` }));
  const executions = await stage.follow(...followed);
  stage.expect(
    "each was answered 202 with a place to look",
    accepted.every(({ status, headers }) => status === 202 && headers.has("location")),
  );
  stage.expect(
    "all succeeded",
    executions.every(({ status }) => status === "succeeded"),
  );
  stage.expect("seq rises with the order of arrival", isRising(executions.map(({ seq }) => seq)));
  const inTurn = executions.slice(1).every(({ startedAt }, index) => {
    return Date.parse(startedAt ?? "") >= Date.parse(executions[index]?.finishedAt ?? "");
  });
  stage.expect("each began when the one before had ended", inTurn);
}

async function validInvoice(stage: Stage): Promise<void> {
  stage.title("An asynchronous step: the validation service takes an invoice and calls back later");
  const accepted = await stage.call("invoices", { document: "invoice.xml" });
  const [execution] = await stage.follow({ id: accepted.executionId, name: "" });
  const result = await stage.fetchResult(accepted);
  stage.expect("the flow went on with the callback's body", execution?.documentStatus === "Completed");
  stage.expect("its result is where 202 said it would be", /^V-\d+$/.test(String(parse(result.text).voucherId)));
}

async function invalidInvoice(stage: Stage): Promise<void> {
  stage.title("The same with an invoice that does not add up: the callback says Failed");
  const accepted = await stage.call("invoices", { document: "invoice-invalid.xml" });
  const [execution] = await stage.follow({ id: accepted.executionId, name: "" });
  const result = await stage.fetchResult(accepted);
  stage.expect(
    "the document is Failed, with what the callback said",
    execution?.documentStatus === "Failed" &&
      execution.technicalStatus === "Rejected by validation" &&
      execution.errorCode === "INV-017",
  );
  stage.expect("the rest of the flow was skipped", execution?.steps.at(-1)?.status === "skipped");
  stage.expect("its result is a problem document", result.status === 422 && parse(result.text).code === "flow-failed");
}

const events = () =>
  (JSON.parse(readDocument("shipment-events.json")) as object[]).map((event) => JSON.stringify(event));

const isRising = (numbers: readonly number[]) =>
  numbers.every((n, index) => index === 0 || n > (numbers[index - 1] ?? n));

const parse = (text: string) => parseObject(text) ?? {};
