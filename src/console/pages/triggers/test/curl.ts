/** The curl command that calls a trigger. */
import type { Trigger } from "../../../../client/index.ts";
import { HAS_BODY, type Method } from "../editor/trigger-draft.ts";
import { isTimed, type Signing, signingOf } from "./signing.ts";

const SAMPLE_BODY = '{"id": 1}';

/** Values that only the caller knows are placeholders in capitals. */
export function curlOf({ url, auth, query }: Trigger, method: Method): string {
  const search = query.map(({ name, default: value = "value" }) =>
    [name, value].map((part) => encodeURIComponent(part)).join("="),
  );
  const target = search.length > 0 ? `${url}?${search.join("&")}` : url;
  const signing = auth.type === "signature" ? signingOf(auth) : null;
  const parts = [
    `curl -i ${methodOption(method)} ${quote(target)}`,
    ...authOptions(auth),
    ...(HAS_BODY[method]
      ? [`-H ${quote("content-type: application/json")}`, `--data-binary ${signing ? '"$BODY"' : quote(SAMPLE_BODY)}`]
      : []),
  ];
  const before = signing ? signatureLines(signing, HAS_BODY[method] ? SAMPLE_BODY : "") : [];
  return [...before, parts.join(" \\\n  ")].join("\n");
}

function authOptions(auth: Trigger["auth"]): string[] {
  switch (auth.type) {
    case "none":
      return [];
    case "apiKeys":
      return [`-H ${quote("x-api-key: YOUR_API_KEY")}`];
    case "basic":
      return [`-u ${quote(`${auth.username}:PASSWORD`)}`];
    case "signature":
      return signatureHeaders(signingOf(auth));
  }
}

/** HEAD by its own option: after `-X HEAD` curl would wait for a body. */
const methodOption = (method: Method) => (method === "HEAD" ? "-I" : `-X ${method}`);

/** A word that the shell takes literally. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The inside of double quotes: the shell expands our variables and nothing else. */
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
