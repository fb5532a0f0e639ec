/** Measures the time of callback operations with few and with many open callbacks, in one run. */
import { inParallel } from "../../lib/in-parallel.ts";
import { median } from "../../lib/statistics.ts";

interface Growth {
  readonly operation: "create" | "call" | "list";
  /** Median time of one operation in ms, with few and with many open callbacks. */
  readonly fewMs: number;
  readonly manyMs: number;
}

interface GrowthOptions {
  readonly url: string;
  readonly token: string;
  readonly workspace: string;
  readonly few: number;
  readonly many: number;
  /** Number of timed operations, one after another. */
  readonly samples: number;
}

const CONCURRENCY = 32;

export async function measureCallbackGrowth(options: GrowthOptions): Promise<Growth[]> {
  const owner = new Owner(options);
  await owner.createMany(options.few);
  await owner.time(options.samples);
  const few = await owner.time(options.samples);
  await owner.createMany(options.many - options.few);
  const many = await owner.time(options.samples);
  return (["create", "call", "list"] as const).map((operation) => ({
    operation,
    fewMs: few[operation],
    manyMs: many[operation],
  }));
}

class Owner {
  readonly #path: string;
  readonly #headers: Record<string, string>;

  constructor({ url, token, workspace }: GrowthOptions) {
    this.#path = `${url}/api/v1/workspaces/${workspace}/callbacks`;
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  }

  async createMany(count: number): Promise<void> {
    await inParallel(Array.from({ length: count }), CONCURRENCY, () => this.#create());
  }

  async time(samples: number): Promise<Record<Growth["operation"], number>> {
    const urls: string[] = [];
    const create = await medianTime(samples, async () => void urls.push(await this.#create()));
    const call = await medianTime(samples, async (n) => void (await expectOk(fetch(urls[n] ?? ""))));
    const list = await medianTime(samples, async () => {
      await expectOk(fetch(`${this.#path}?limit=50`, { headers: this.#headers }));
    });
    return { create, call, list };
  }

  async #create(): Promise<string> {
    const body = JSON.stringify({ callbackActivity: { type: "record" }, responseType: "response" });
    const response = await expectOk(fetch(this.#path, { method: "POST", headers: this.#headers, body }));
    return (JSON.parse(response) as { callbackUrl: string }).callbackUrl;
  }
}

async function expectOk(pending: Promise<Response>): Promise<string> {
  const response = await pending;
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return text;
}

async function medianTime(samples: number, operate: (n: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < samples; n++) {
    const start = performance.now();
    await operate(n);
    times.push(performance.now() - start);
  }
  return median(times);
}
