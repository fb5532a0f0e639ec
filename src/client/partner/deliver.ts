/** Sending a callback until it arrives. */

export interface DeliveryOptions {
  /** Waits between attempts; none for a single attempt. */
  readonly delaysSeconds?: readonly number[];
  /** For one attempt. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Replaces the global fetch. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** What became of a callback. */
export interface Delivery {
  /** Whether the gateway has it. */
  readonly isDelivered: boolean;
  readonly attempts: number;
  /** Status of the last answer; 0 when none came. */
  readonly status: number;
  /** What the last attempt came to, in words. */
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

/** Tries again after network failures, 429 and 5xx. Any other answer is final: 4xx does not get better. */
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
    // An attempt whose answer got lost may have arrived: then the gateway waits no more.
    const isDelivered = (status >= 200 && status < 300) || (status === 409 && attempts > 1);
    const delay = delaysSeconds[attempts - 1];
    if (isDelivered || !isWorthAnother(status) || delay === undefined) return { isDelivered, attempts, status, detail };
    await sleep(Math.min(Math.max(retryAfter, spread(delay)), LONGEST_WAIT_SECONDS));
  }
}

async function post(
  { url, headers, body }: Outgoing,
  send: NonNullable<DeliveryOptions["fetch"]>,
  signal: AbortSignal,
) {
  try {
    // Not followed: a redirect would hand the result to whoever it names.
    const init = { method: "POST", headers, body, redirect: "manual", signal } as const;
    const response = await send(url, init);
    const text = (await response.text()).slice(0, DETAIL_LENGTH);
    const retryAfter = Number(response.headers.get("retry-after")) || 0;
    return { status: response.status, retryAfter, detail: `${response.status} ${text}`.trim() };
  } catch (error) {
    return { status: 0, retryAfter: 0, detail: String(error) };
  }
}

const isWorthAnother = (status: number) => status === 0 || status === 429 || status >= 500;

/** Between a half and the whole, so that many callbacks that failed together do not come back together. */
const spread = (seconds: number) => seconds * (0.5 + Math.random() / 2);

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
