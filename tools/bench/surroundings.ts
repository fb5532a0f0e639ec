/** The load generator and the target of a benchmark, each in its own process. */
import { Child } from "./child.ts";
import type { Load, LoadResult } from "./load.ts";
import type { Destination, Surroundings } from "./subjects/subject.ts";

interface Bench {
  readonly children: { readonly load: Child; readonly target: Child };
  readonly around: Surroundings;
  /** Requests per second of the load generator directly against the target: its upper limit. */
  ceiling(): Promise<number>;
}

export async function startBench(
  stack: AsyncDisposableStack,
  { shards, connections, payloadBytes }: { shards: number; connections: number; payloadBytes: number },
): Promise<Bench> {
  const load = stack.use(new Child(new URL("./load.ts", import.meta.url)));
  const target = stack.use(new Child(new URL("./target.ts", import.meta.url)));
  const port = await target.ask<number>("listen");
  const generate = (destination: Destination, until: Load["until"], more: Partial<Load> = {}) =>
    load.ask<LoadResult>("generate", { ...destination, payloadBytes, connections, until, ...more } satisfies Load);
  const bare: Destination = { port, method: "POST", paths: ["/ok"], headers: {}, status: 200 };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stack.disposeAsync().finally(() => process.exit(1)));
  }
  return {
    children: { load, target },
    around: {
      target: `http://127.0.0.1:${port}`,
      shards,
      make: async (destination, requests) => (await generate(destination, { requests }, { keepsBodies: true })).bodies,
      authorize: (port, authorization) => target.ask("authorize", { port, authorization }),
    },
    ceiling: async () => {
      await generate(bare, { seconds: 1 });
      return (await generate(bare, { seconds: 1 })).completed;
    },
  };
}
