/** An adapter that follows the contract except for configured faults. */

import { type Received, type Reply, sleep, startTarget, type Target } from "../target.ts";
import { sign } from "./adapter-example.ts";

interface Request {
  readonly configuration: Record<string, unknown>;
  readonly payload: unknown;
  readonly callback: string;
}

export interface Behaviour {
  readonly isSigned: (received: Received) => boolean;
  readonly refuse: Reply;
  /** A reply instead of all that follows. */
  readonly instead: (request: Request, received: Received) => Reply | undefined;
  readonly result: (request: Request, received: Received) => object;
  readonly status: number;
  readonly replySignature: (body: string) => string | null;
  /** Acknowledges with this, and sends the result as a callback. */
  readonly acknowledge: Reply | null;
  /** Sends the result as a callback beside the reply that has it. */
  readonly callsBackToo: boolean;
  readonly callbackSignature: (body: string) => string | null;
  /** Sends callbacks by calling `post`, which resolves to the status of the answer. */
  readonly deliver: (post: () => Promise<number>) => Promise<void>;
  /** Also for requests that it refuses. */
  readonly worksUnasked: boolean;
}

export const isRight = ({ headers, body }: Received) => headers["x-chainio-signature"] === sign(body);
export const json = (value: object, status = 200): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
export const ACKNOWLEDGEMENT = json({ message: "received" });

const SOUND: Behaviour = {
  isSigned: isRight,
  refuse: json({ message: "wrong signature" }, 401),
  instead: () => undefined,
  result: ({ callback }) => ({ callback, status: "success", payload: { converted: true } }),
  status: 200,
  replySignature: () => null,
  acknowledge: null,
  callsBackToo: false,
  callbackSignature: (body) => sign(body),
  deliver: async (post) => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const status = await post();
      if (status !== 429 && status < 500) return;
      await sleep(100);
    }
  },
  worksUnasked: false,
};

/** @param callbackUrl may become known only when the first request is there. */
export function startAdapter(callbackUrl: Promise<string>, fault: Partial<Behaviour> = {}): Promise<Target> {
  const adapter = { ...SOUND, ...fault };

  function sendCallback(result: object): void {
    const body = JSON.stringify(result);
    const headers = signed(body, adapter.callbackSignature);
    const post = async () => (await fetch(await callbackUrl, { method: "POST", body, headers })).status;
    // The check may be over before the last one is sent.
    adapter.deliver(post).catch(() => undefined);
  }

  return startTarget((received) => {
    const isSigned = adapter.isSigned(received);
    if (!isSigned && !adapter.worksUnasked) return adapter.refuse;
    const request = JSON.parse(received.body.toString("utf8")) as Request;
    const instead = adapter.instead(request, received);
    if (instead) return instead;
    const result = adapter.result(request, received);
    if (adapter.acknowledge || adapter.callsBackToo) sendCallback(result);
    if (!isSigned) return adapter.refuse;
    if (adapter.acknowledge) return adapter.acknowledge;
    const body = JSON.stringify(result);
    return { status: adapter.status, headers: signed(body, adapter.replySignature), body };
  });
}

function signed(body: string, make: (body: string) => string | null): Record<string, string> {
  const signature = make(body);
  return { "content-type": "application/json", ...(signature !== null && { "x-chainio-signature": signature }) };
}
