/** The webhook of an adapter: reads, verifies, hands the request to a converter, and answers now or later. */
import { createServer } from "node:http";
import { sendCallback, sendProgress } from "./callback.mjs";
import { SIGNATURE_HEADER, sign, Verification } from "./signature.mjs";

/**
 * @typedef {{ file_name: string, mime_type: string, body: string, content_transfer_encoding: "utf8" | "base64" }} File
 * @typedef {{ type: "info" | "warning" | "error", message: string }} UserLog
 *
 * @typedef {object} Result
 * @property {"success" | "skipped" | "error" | "bug"} status
 * @property {unknown} [payload] becomes the flow's message
 * @property {File[]} [files] become the flow's message when there is no payload
 * @property {UserLog[]} [user_logs]
 *
 * @typedef {object} Work
 * @property {Record<string, unknown>} configuration
 * @property {unknown} payload
 * @property {(message: string) => Promise<void>} progress tells the gateway how far it is, where the flow allows that
 *
 * @typedef {(work: Work) => Result | Promise<Result>} Converter
 *
 * @typedef {object} AdapterOptions
 * @property {Record<string, Converter>} converters by path
 * @property {readonly string[]} secrets the shared secret, and the one before it while it is exchanged
 * @property {string} callbackUrl
 * @property {number} maxRequestBytes
 * @property {(line: string) => void} log
 *
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("node:http").ServerResponse} ServerResponse
 * @typedef {{ configuration: Record<string, unknown>, payload: unknown, callback: string }} AdapterRequest
 */

/** What is wrong with the data or the configuration: ends the flow as an error, everything else that is thrown as a bug. */
export class DataError extends Error {}

/** A request that is answered with an error status. The gateway puts the message into the user log. */
class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {AdapterOptions} options */
export function createAdapter({ converters, secrets, callbackUrl, maxRequestBytes, log }) {
  /** Work that was acknowledged and whose result is not delivered. It is lost with the process: see README.md. */
  const underWay = new Set();

  const server = createServer((request, response) => {
    respond(request, response).catch((error) => {
      if (!request.complete) return response.destroy();
      const status = error instanceof Refusal ? error.status : 500;
      if (status === 500) log(`failed: ${error?.stack ?? error}`);
      answer(response, status, { message: status === 500 ? "The adapter failed." : error.message });
    });
  });

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function respond(request, response) {
    const [path = "/"] = (request.url ?? "/").split("?");
    const convert = Object.hasOwn(converters, path) ? converters[path] : undefined;
    const { body, secret } = await read(request, secrets, maxRequestBytes);
    if (!convert) throw new Refusal(404, `There is no adapter at ${path}.`);
    if (request.method !== "POST") throw new Refusal(405, "An adapter is called with POST.");
    if (!secret) throw new Refusal(401, `${SIGNATURE_HEADER} does not fit the body and the shared secret.`);
    if (!body) throw new Refusal(413, `The request is larger than ${maxRequestBytes} bytes.`);
    const { configuration, payload, callback } = parse(body);
    const id = request.headers["x-chainio-execution-id"];
    const mode = configuration.mode ?? "sync";

    if (mode === "sync") {
      const result = await carryOut(convert, { configuration, payload, progress: async () => {} });
      log(`${id} ${path}: ${result.status}`);
      return answer(response, 200, { callback, ...result }, secret);
    }
    if (mode !== "async") throw new Refusal(422, `The configuration's mode is sync or async, not ${mode}.`);
    answer(response, 200, { message: "Received. The result follows as a callback." }, secret);
    const envelope = { url: callbackUrl, secret, callback };
    const work = (async () => {
      const progress = async (/** @type {string} */ message) => {
        if (configuration.progress === true) await sendProgress({ ...envelope, message });
      };
      const result = await carryOut(convert, { configuration, payload, progress });
      const { delivered, attempts, detail } = await sendCallback({ ...envelope, result });
      log(`${id} ${path}: ${result.status}, callback ${delivered ? "delivered" : "LOST"} (${attempts}x, ${detail})`);
    })();
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  }

  /**
   * @param {Converter} convert
   * @param {Work} work
   * @returns {Promise<Result>}
   */
  async function carryOut(convert, work) {
    try {
      return await convert(work);
    } catch (error) {
      if (error instanceof DataError) return failure("error", error.message);
      log(`failed: ${error instanceof Error ? error.stack : error}`);
      return failure("bug", "The adapter failed.");
    }
  }

  return {
    server,
    /** Takes no more requests and waits for the callbacks that are under way. */
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await Promise.allSettled(underWay);
    },
  };
}

/**
 * The whole body as bytes, with the secret that it was signed with; no body when it is larger than is kept.
 *
 * @param {IncomingMessage} request
 * @param {readonly string[]} secrets
 * @param {number} maxBytes
 */
async function read(request, secrets, maxBytes) {
  const verification = new Verification(secrets);
  let chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    verification.update(chunk);
    // Read on, so that the sender gets to see the answer; nothing of it is kept.
    if (size > maxBytes) chunks = [];
    else chunks.push(chunk);
  }
  const body = size > maxBytes ? undefined : Buffer.concat(chunks);
  return { body, secret: verification.finish(request.headers[SIGNATURE_HEADER]) };
}

/**
 * @param {Buffer} body
 * @returns {AdapterRequest}
 */
function parse(body) {
  /** @type {Partial<AdapterRequest> | null} */
  let request;
  try {
    request = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "The body is not JSON.");
  }
  const { configuration, payload, callback } = request ?? {};
  if (typeof callback !== "string") throw new Refusal(400, "The body has no callback.");
  if (typeof configuration !== "object" || configuration === null) {
    throw new Refusal(400, "The body has no configuration.");
  }
  return { configuration, payload, callback };
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {object} value
 * @param {string} [secret] signs the reply
 */
function answer(response, status, value, secret) {
  const body = Buffer.from(JSON.stringify(value));
  const signature = secret === undefined ? {} : { [SIGNATURE_HEADER]: sign(body, secret) };
  const allow = status === 405 ? { allow: "POST" } : {};
  response
    .writeHead(status, { "content-type": "application/json", "content-length": body.length, ...allow, ...signature })
    .end(body);
}

/**
 * @param {"error" | "bug"} status
 * @param {string} message
 * @returns {Result}
 */
function failure(status, message) {
  return { status, user_logs: [{ type: "error", message }] };
}
