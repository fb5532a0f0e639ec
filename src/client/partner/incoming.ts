/** Received requests, of the web platform or of any server. */

/** A web `Request`, or headers and body. The body is the received bytes, unchanged, because these are signed. */
export type IncomingRequest =
  | Request
  | {
      readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string | Uint8Array;
    };

/** The signature is missing, invalid or too old. Answer 401. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

export interface Incoming {
  /** The value of a header; repeated headers are joined. */
  header(name: string): string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

export async function readIncoming(request: IncomingRequest): Promise<Incoming> {
  const { headers } = request;
  return { header: headerReader(headers), body: await bodyOf(request) };
}

export function headerReader(headers: IncomingRequest["headers"]): Incoming["header"] {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? undefined;
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => {
    const value = byName.get(name.toLowerCase());
    return typeof value === "object" ? value.join(", ") : value;
  };
}

async function bodyOf(request: IncomingRequest): Promise<Uint8Array<ArrayBuffer>> {
  if (request instanceof Request) return new Uint8Array(await request.arrayBuffer());
  return typeof request.body === "string" ? new TextEncoder().encode(request.body) : new Uint8Array(request.body);
}
