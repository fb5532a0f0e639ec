/** Sends a test message from this browser, as any consumer would. */
import type { Trigger } from "../../../../client/index.ts";
import { loadBody, type ShownBody } from "../../../ui/body/load-body.ts";
import type { HeaderRow } from "../../../ui/form/fields/row-id.ts";
import { HAS_BODY, type Method } from "../editor/trigger-draft.ts";
import { sign, signingOf } from "./signing.ts";

export interface TestMessage {
  readonly method: Method;
  /** Values by name; one that is missing is not sent. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: readonly HeaderRow[];
  readonly contentType: string;
  readonly body: string;
  /** The API key, the password, or the value of the secret that signs. */
  readonly credential: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ShownBody;
  /** The execution that the message, or the message that it repeats, has started. */
  readonly executionId: string | null;
  readonly tookMs: number;
}

/** Sends to the origin of the console: the browser does not let it reach another one. */
export async function sendTest(
  workspace: string,
  trigger: Trigger,
  message: TestMessage,
  signal: AbortSignal,
): Promise<TestAnswer> {
  const url = new URL(`/${workspace}/${trigger.name}`, location.origin);
  for (const [name, value] of Object.entries(message.query)) url.searchParams.append(name, value);
  const body = HAS_BODY[message.method] ? message.body : null;
  const headers = await headersOf(trigger, message, body ?? "");
  const startedAt = performance.now();
  // Without the credentials of the browser, and without its password dialog.
  const answer = await fetch(url, {
    method: message.method,
    headers,
    body,
    signal,
    credentials: "omit",
    cache: "no-store",
    redirect: "manual",
  }).catch((cause: unknown) => {
    if (signal.aborted) throw new Error("You have stopped waiting. The execution goes on if it has begun.", { cause });
    throw new Error("The gateway did not answer. Check the connection and try again.", { cause });
  });
  return {
    status: answer.status,
    statusText: answer.statusText,
    headers: [...answer.headers],
    body: await loadBody(answer),
    executionId: answer.headers.get("hookback-execution-id"),
    tookMs: performance.now() - startedAt,
  };
}

async function headersOf({ auth }: Trigger, message: TestMessage, body: string): Promise<Headers> {
  const headers = new Headers();
  const set = (name: string, value: string) => {
    try {
      headers.set(name, value);
    } catch (cause) {
      throw new Error(`The header ${name} cannot be sent: its name or value has characters that no header can have.`, {
        cause,
      });
    }
  };
  if (HAS_BODY[message.method] && message.contentType !== "") set("content-type", message.contentType);
  for (const { name, value } of message.headers) if (name.trim() !== "") set(name.trim(), value);
  const { credential } = message;
  for (const [name, value] of await credentialHeaders(auth, credential, body)) set(name, value);
  return headers;
}

async function credentialHeaders(auth: Trigger["auth"], credential: string, body: string): Promise<[string, string][]> {
  switch (auth.type) {
    case "none":
      return [];
    case "apiKeys":
      return credential === "" ? [] : [["x-api-key", credential]];
    case "basic":
      return [["authorization", `Basic ${base64(`${auth.username}:${credential}`)}`]];
    case "signature":
      return credential === "" ? [] : sign(signingOf(auth), credential, body);
  }
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
