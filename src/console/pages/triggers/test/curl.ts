/** The command by which a trigger is called from a shell. */
import type { Trigger } from "../../../../client/index.ts";
import type { Method } from "../editor/trigger-draft.ts";
import { isTimed, type Signing, signingOf } from "./signing.ts";

const SAMPLE_BODY = '{"id": 1}';

export const hasBody = (method: Method) => method !== "GET" && method !== "HEAD" && method !== "OPTIONS";

/** What stands for a value that only the caller knows is in capitals. */
export function curlOf({ url, auth, query }: Trigger, method: Method): string {
  const search = query.map(({ name, default: value = "value" }) =>
    [name, value].map((part) => encodeURIComponent(part)).join("="),
  );
  const target = search.length > 0 ? `${url}?${search.join("&")}` : url;
  const signing = auth.type === "signature" ? signingOf(auth) : null;
  const parts = [
    `curl -i ${methodOption(method)} ${quote(target)}`,
    ...(auth.type === "apiKeys" ? [`-H ${quote("x-api-key: YOUR_API_KEY")}`] : []),
    ...(auth.type === "basic" ? [`-u ${quote(`${auth.username}:PASSWORD`)}`] : []),
    ...(signing ? signatureHeaders(signing) : []),
    ...(hasBody(method)
      ? [`-H ${quote("content-type: application/json")}`, `--data-binary ${signing ? '"$BODY"' : quote(SAMPLE_BODY)}`]
      : []),
  ];
  const before = signing ? signatureLines(signing, hasBody(method) ? SAMPLE_BODY : "") : [];
  return [...before, parts.join(" \\\n  ")].join("\n");
}

/** HEAD by its own option: after `-X HEAD` curl would wait for a body. */
const methodOption = (method: Method) => (method === "HEAD" ? "-I" : `-X ${method}`);

/** A word of the shell that nothing in it is read by. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The inside of double quotes, where the variables are filled in and nothing else is. */
const fill = (pattern: string) =>
  pattern
    .replaceAll(/[\\"$`]/g, "\\$&")
    .replaceAll("{timestamp}", "$TIME")
    .replaceAll("{id}", "$ID")
    .replaceAll("{body}", "$BODY");

function signatureLines(signing: Signing, body: string): string[] {
  const { algorithm, encoding, payload, idHeader, isEncodedKey } = signing;
  const key = isEncodedKey ? '-mac HMAC -macopt "hexkey:$KEY"' : '-hmac "$SECRET"';
  const digest = `openssl dgst -${algorithm} ${key}`;
  const made = encoding === "hex" ? `${digest} -r | cut -d' ' -f1` : `${digest} -binary | openssl base64 -A`;
  return [
    "SECRET='YOUR_SECRET'",
    `BODY=${quote(body)}`,
    ...(isTimed(signing) ? ["TIME=$(date +%s)"] : []),
    ...(idHeader !== undefined ? ['ID="test_$(date +%s)"'] : []),
    ...(isEncodedKey
      ? [`KEY=$(printf %s "\${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`]
      : []),
    `SIGNATURE=$(printf %s "${fill(payload)}" | ${made})`,
  ];
}

function signatureHeaders({ header, prefix, timestampHeader, idHeader }: Signing): string[] {
  return [
    `-H "${header}: ${fill(prefix)}$SIGNATURE"`,
    ...(timestampHeader !== undefined ? [`-H "${timestampHeader}: $TIME"`] : []),
    ...(idHeader !== undefined ? [`-H "${idHeader}: $ID"`] : []),
  ];
}
