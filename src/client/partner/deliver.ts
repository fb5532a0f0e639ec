/** Delivery of callbacks with retries. */

export interface DeliveryOptions {
  /** The delay before each retry; empty for a single attempt. */
  readonly delaysSeconds?: readonly number[];
  /** The limit for one attempt. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Replaces the global fetch. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface Delivery {
  /** True when the gateway has received the callback. */
  readonly isDelivered: boolean;
  readonly attempts: number;
  /** Status of the last response; 0 when there was none. */
  readonly status: number;
  /** The result of the last attempt, as text. */
  readonly detail: string;
}

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

const DELAYS_SECONDS = [1, 5, 30, 120, 600];
const TIMEOUT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 900;
const DETAIL_LENGTH = 500;

/** Retries after network failures, 429 and 5xx. Other responses are final: a retry would not change a 4xx. */
export async function deliver(
  outgoing: Outgoing,
  { delaysSeconds = DELAYS_SECONDS, timeoutSeconds = TIMEOUT_SECONDS, signal, ...options }: DeliveryOptions = {},
): Promise<Delivery> {
  const send = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  for (let attempts = 1; ; attempts++) {
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    const answer = await post(outgoing, send, signal ? AbortSignal.any([signal, timeout]) : timeout);
    signal?.throwIfAborted();
    const { status, retryAfter, detail } = answer;
    // 409 after a retry: an earlier attempt arrived and its response was lost.
    const isDelivered = (status >= 200 && status < 300) || (status === 409 && attempts > 1);
    const delay = delaysSeconds[attempts - 1];
    if (isDelivered || !isRetryable(status) || delay === undefined) return { isDelivered, attempts, status, detail };
    await sleep(Math.min(Math.max(retryAfter, jitter(delay)), LONGEST_WAIT_SECONDS));
  }
}

async function post(
  { url, headers, body }: Outgoing,
  send: NonNullable<DeliveryOptions["fetch"]>,
  signal: AbortSignal,
) {
  try {
    // Following a redirect would send the result to another server.
    const init = { method: "POST", headers, body, redirect: "manual", signal } as const;
    const response = await send(url, init);
    const text = (await response.text()).slice(0, DETAIL_LENGTH);
    const retryAfter = Number(response.headers.get("retry-after")) || 0;
    return { status: response.status, retryAfter, detail: `${response.status} ${text}`.trim() };
  } catch (error) {
    return { status: 0, retryAfter: 0, detail: String(error) };
  }
}

const isRetryable = (status: number) => status === 0 || status === 429 || status >= 500;

/** Between half and all of the delay, so that callbacks that failed together are not retried together. */
const jitter = (seconds: number) => seconds * (0.5 + Math.random() / 2);

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
