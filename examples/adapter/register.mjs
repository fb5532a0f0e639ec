/** An output adapter: registers shipments with a system that keeps account of them, here a map in memory. */
import { DataError } from "./server.mjs";

/**
 * @typedef {import("./convert.mjs").Shipment} Shipment
 * @typedef {{ registration_id: string, tms_system_identifier: string, gross_weight_kgs: number }} Registration
 */

/** @type {Readonly<Record<string, number>>} */
const KILOGRAMS = { kilogram: 1, tonne: 1000, pound: 0.45359237 };

/**
 * A gateway may send the same shipment again, after a resubmission say: it is found by its identifier and keeps its
 * registration.
 *
 * @type {Map<string, Registration>}
 */
const register = new Map();

/** @type {import("./server.mjs").Converter} */
export function registerShipments({ payload }) {
  const shipments = shipmentsOf(payload);
  // All are looked at before the first is registered, so that a refused request changes nothing.
  const entries = shipments.map((shipment) => ({ shipment, kilograms: weightOf(shipment) }));
  const registrations = entries.map(({ shipment, kilograms }) => enter(shipment.tms_system_identifier, kilograms));
  const unbilled = shipments.filter(({ master_bill }) => !master_bill);
  return {
    status: "success",
    payload: { registrations },
    user_logs: [
      ...unbilled.map(({ tms_system_identifier }) => ({
        type: /** @type {const} */ ("warning"),
        message: `Shipment ${tms_system_identifier} has no master bill.`,
      })),
      { type: "info", message: `Registered ${registrations.length} shipment(s).` },
    ],
  };
}

/**
 * One shipment, or the list that the input adapter makes.
 *
 * @param {unknown} payload
 * @returns {Shipment[]}
 */
function shipmentsOf(payload) {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new DataError("An output adapter's payload is a shipment, or an object with shipments.");
  }
  return "shipments" in payload && Array.isArray(payload.shipments)
    ? payload.shipments
    : [/** @type {Shipment} */ (payload)];
}

/** @param {Shipment} shipment */
function weightOf({ tms_system_identifier: reference, gross_weight: weight }) {
  if (typeof reference !== "string" || reference === "")
    throw new DataError("A shipment has no tms_system_identifier.");
  const factor = KILOGRAMS[weight?.units ?? ""];
  if (typeof weight?.amount !== "number" || factor === undefined) {
    throw new DataError(`Shipment ${reference} has no gross_weight in ${Object.keys(KILOGRAMS).join(", ")}.`);
  }
  return Math.round(weight.amount * factor * 1000) / 1000;
}

/**
 * @param {string} reference
 * @param {number} kilograms
 */
function enter(reference, kilograms) {
  const known = register.get(reference)?.registration_id;
  const registration = {
    registration_id: known ?? `REG-${String(register.size + 1).padStart(6, "0")}`,
    tms_system_identifier: reference,
    gross_weight_kgs: kilograms,
  };
  register.set(reference, registration);
  return registration;
}
