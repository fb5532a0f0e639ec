/** An input adapter: shipment files, CSV or JSON, become shipments as the flow's other steps expect them. */
import { readCsv } from "./csv.mjs";
import { DataError } from "./server.mjs";

/**
 * @typedef {import("./server.mjs").File} File
 * @typedef {import("./server.mjs").UserLog} UserLog
 * @typedef {Record<string, unknown>} Row
 *
 * @typedef {object} Shipment
 * @property {string} tms_system_identifier
 * @property {string} [master_bill]
 * @property {string} [carrier_scac]
 * @property {string} [transport_mode]
 * @property {{ amount: number, units: string }} gross_weight
 */

const PROGRESS_EVERY_MS = 1_000;

/** @type {import("./server.mjs").Converter} */
export async function convertFiles({ configuration, payload, progress }) {
  if (!Array.isArray(payload)) throw new DataError("An input adapter's payload is an array of files.");
  if (payload.length === 0) {
    return { status: "skipped", user_logs: [{ type: "info", message: "There is no file to convert." }] };
  }
  // A key that is registered and not set comes as null.
  const delimiter = configuration.delimiter ?? ",";
  const modes = configuration.transport_modes ?? [];
  if (typeof delimiter !== "string" || delimiter.length !== 1) {
    throw new DataError("The configuration's delimiter is a single character.");
  }
  if (!Array.isArray(modes)) throw new DataError("The configuration's transport_modes is a table.");

  /** @type {Shipment[]} */
  const shipments = [];
  /** @type {UserLog[]} */
  const userLogs = [];
  let told = 0;
  for (const [index, file] of /** @type {File[]} */ (payload).entries()) {
    const found = rowsOf(file, delimiter).map((row) => toShipment(row, modes, file.file_name));
    if (found.length === 0) userLogs.push({ type: "warning", message: `${file.file_name} holds no shipments.` });
    shipments.push(...found);
    if (payload.length > 1 && Date.now() - told >= PROGRESS_EVERY_MS) {
      await progress(`Converted ${index + 1} of ${payload.length} files.`);
      told = Date.now();
    }
  }
  const message = `Converted ${shipments.length} shipment(s) of ${payload.length} file(s).`;
  return { status: "success", payload: { shipments }, user_logs: [...userLogs, { type: "info", message }] };
}

/**
 * @param {File} file
 * @param {string} delimiter
 * @returns {Row[]}
 */
function rowsOf(file, delimiter) {
  const text =
    file.content_transfer_encoding === "base64" ? Buffer.from(file.body, "base64").toString("utf8") : file.body;
  const kind = `${file.mime_type} ${file.file_name}`.toLowerCase();
  if (kind.includes("csv")) return readCsv(text, delimiter);
  if (!kind.includes("json")) throw new DataError(`${file.file_name} is neither CSV nor JSON.`);
  const document = parse(text, file.file_name);
  const shipments = Array.isArray(document) ? document : document?.shipments;
  if (!Array.isArray(shipments)) throw new DataError(`${file.file_name} has no list of shipments.`);
  return shipments;
}

/**
 * @param {Row} row
 * @param {{ src: string, dest: string }[]} modes rows of the table that names transport modes anew
 * @param {string} fileName
 * @returns {Shipment}
 */
function toShipment(row, modes, fileName) {
  const reference = text(row.forwarder_reference);
  if (!reference) throw new DataError(`A shipment in ${fileName} has no forwarder_reference.`);
  const weight = text(row.gross_weight_kgs) ? Number(row.gross_weight_kgs) : Number.NaN;
  if (!(weight >= 0)) throw new DataError(`Shipment ${reference} in ${fileName} has no usable gross_weight_kgs.`);
  const mode = text(row.transport_mode);
  const named = modes.find(({ src }) => src === mode)?.dest ?? mode;
  return {
    tms_system_identifier: reference,
    ...(text(row.master_bill) && { master_bill: text(row.master_bill) }),
    ...(text(row.carrier_scac) && { carrier_scac: text(row.carrier_scac).toUpperCase() }),
    ...(named && { transport_mode: named.toLowerCase() }),
    gross_weight: { amount: weight, units: "kilogram" },
  };
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/**
 * @param {string} source
 * @param {string} fileName
 */
function parse(source, fileName) {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new DataError(`${fileName} is not JSON: ${/** @type {Error} */ (error).message}`);
  }
}
