/** Bodies of requests to an adapter: the document's examples, and unusual spellings of them. */
import { createHmac, randomBytes, randomUUID } from "node:crypto";

export type AdapterType = "input" | "output";

/** The examples of the document (C9, C11). */
export const SAMPLES: Readonly<Record<AdapterType, unknown>> = {
  input: [
    {
      file_name: "example.json",
      mime_type: "application/json",
      body: '{"doc_type":"shipment_json","shipments":[{"forwarder_reference":"8901238901","gross_weight_kgs":1000}]}',
      content_transfer_encoding: "utf8",
    },
  ],
  output: {
    tms_system_identifier: "S1231231",
    master_bill: "MOLU123181",
    carrier_scac: "MAEU",
    transport_mode: "sea",
    gross_weight: { amount: 1000, units: "kilogram" },
  },
};

/** In the key order of the document. */
export interface AdapterRequest {
  readonly configuration: Record<string, unknown>;
  readonly payload: unknown;
  readonly callback: string;
}

const TOKEN_TTL_SECONDS = 3600;
const FOREIGN = "Zürich – 東京 ✓";

/** A token in the gateway's form (C29); only a gateway can verify it. */
export function makeToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: randomUUID(), iat, exp: iat + TOKEN_TTL_SECONDS };
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", randomBytes(32)).update(signed).digest("base64url")}`;
}

export const compact = (request: AdapterRequest): Buffer => Buffer.from(JSON.stringify(request));

/** Non-Latin characters, unnecessary escapes, and white space between all tokens. */
export const oddlyWritten = ({ configuration, payload, callback }: AdapterRequest): Buffer =>
  Buffer.from(`\r\n${writeOddly({ configuration, payload: withForeignText(payload), callback })}\n\t `);

/** Changes one byte of the token: the body is still JSON, but its signature is wrong. */
export function changeOneByte(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = changed.lastIndexOf('"') - 8;
  changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
  return changed;
}

/** At least so many bytes: the files many times over, or white space around data that cannot be repeated. */
export function enlarged(request: AdapterRequest, bytes: number): Buffer {
  const { configuration, payload, callback } = request;
  if (!Array.isArray(payload) || payload.length === 0) {
    const members = [configuration, payload].map((value) => JSON.stringify(value));
    const space = " ".repeat(bytes);
    return Buffer.from(
      `{"configuration":${members[0]},"payload":${space}${members[1]},"callback":${JSON.stringify(callback)}}`,
    );
  }
  const times = Math.ceil(bytes / Buffer.byteLength(JSON.stringify(payload)));
  const files = Array.from({ length: times }, () => payload).flat();
  return compact({ configuration, payload: files, callback });
}

function withForeignText(payload: unknown): unknown {
  if (Array.isArray(payload)) {
    return payload.map((file, index) => (index === 0 ? { ...file, file_name: `${FOREIGN} ${file.file_name}` } : file));
  }
  return typeof payload === "object" && payload !== null ? { ...payload, remarks: FOREIGN } : payload;
}

function writeOddly(value: unknown): string {
  if (typeof value === "string") return escapeOddly(value);
  if (Array.isArray(value)) return `[ \t${value.map(writeOddly).join(" ,\r\n")}\n]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}\t: ${writeOddly(member)}`);
  return `{\r\n  ${members.join("  ,\n\t")} }`;
}

const EVERY = 5;

function escapeOddly(text: string): string {
  const characters = Array.from(text).map((character, index) => {
    if (character === "/") return "\\/";
    const code = character.codePointAt(0) ?? 0;
    const odd = index % EVERY === 0 && code < 0x80;
    return odd ? `\\u${code.toString(16).padStart(4, "0")}` : JSON.stringify(character).slice(1, -1);
  });
  return `"${characters.join("")}"`;
}
