/** Asks a person: mails two links for each request, and calls back with what was decided. */
import { createServer } from "node:http";
import { createClient } from "hookback/client";
import { readCallbackCall, readLinkCall, SignatureError, sendLinkCallback } from "hookback/partner";

const {
  PORT = "9105",
  HOOKBACK_URL = "http://127.0.0.1:8787",
  HOOKBACK_WORKSPACE = "human-approval",
  APPROVALS_TOKEN = "",
  APPROVALS_SECRET = "",
} = process.env;

const { callbacks } = createClient({ url: HOOKBACK_URL, token: APPROVALS_TOKEN }).workspace(HOOKBACK_WORKSPACE);

/** What each link decides, by the case of its callback. Daily use wants a database here. */
const links = new Map();
/** The mails, newest last. */
const outbox = [];

const server = createServer(async (request, response) => {
  try {
    if (request.url === "/requests") return await ask(request, response);
    if (request.url === "/decided") return await decide(request, response);
    if (request.url === "/outbox") return response.end(`${outbox.at(-1) ?? ""}\n`);
    response.writeHead(404).end();
  } catch (error) {
    console.error(`approvals: ${error}`);
    response.writeHead(error instanceof SignatureError ? 401 : 500).end();
  }
});

/** The request of the step. It is taken once the links are made; when that fails the gateway sends it again. */
async function ask(request, response) {
  const call = readLinkCall(request);
  if (!call) return response.writeHead(400).end();
  const { body } = await read(request);
  const expense = JSON.parse(body.toString("utf8"));
  const create = () => callbacks.create({ config: "decision", callbackActivityCase: `expense of ${expense.who}` });
  const [approve, reject] = await Promise.all([create(), create()]);
  links.set(approve.callbackCaseId, { call, expense, isApproved: true, other: reject.callbackState });
  links.set(reject.callbackCaseId, { call, expense, isApproved: false, other: approve.callbackState });
  outbox.push(
    `${expense.who} spent ${expense.amount}.\nApprove: ${approve.callbackUrl}\nReject: ${reject.callbackUrl}`,
  );
  console.log(`approvals: mailed the expense of ${expense.who}`);
  response.writeHead(202).end();
}

/** Somebody pressed the button of a link: the flow goes on or ends, and the other link is of no use any more. */
async function decide(request, response) {
  const { callbackSystemCase } = await readCallbackCall(await read(request), APPROVALS_SECRET);
  const link = links.get(callbackSystemCase);
  if (!link) return response.writeHead(404).end();
  const { call, expense, isApproved, other } = link;
  const { isDelivered, detail } = await sendLinkCallback(
    call,
    { token: APPROVALS_TOKEN },
    isApproved
      ? {
          status: "Ok",
          contentType: "application/json",
          body: JSON.stringify({ ...expense, approvedBy: "the boss" }),
        }
      : { status: "Failed", documentStatus: "Rejected", errorText: "The boss says no" },
    { delaysSeconds: [1, 3] },
  );
  if (!isDelivered) throw new Error(detail);
  await callbacks.close(other);
  console.log(`approvals: the expense of ${expense.who} is ${isApproved ? "approved" : "rejected"}`);
  response.writeHead(200).end();
}

/** The bytes as they came: the signature is over these. */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return { headers: request.headers, body: Buffer.concat(chunks) };
}

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The approvals listen on http://127.0.0.1:${PORT}`));
