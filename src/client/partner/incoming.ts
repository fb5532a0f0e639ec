/** Requests as servers hand them on: those of the web platform, and the headers and bytes of any other. */

/** A web `Request`, or the headers and the body of one. The body is the bytes that came: signatures are over these. */
export type IncomingRequest =
  | Request
  | {
      readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string | Uint8Array;
    };

/** The signature is missing, does not fit, or is too old. Answer 401. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

export interface Incoming {
  /** The header's value; one that came twice is joined, and fits nothing then. */
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
