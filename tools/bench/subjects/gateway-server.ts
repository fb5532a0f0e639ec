/** The gateway in its own process: the built Worker, served as by `npm run serve`. */
import { type ServeOptions, serveWorker } from "../../../scripts/lib/serve.ts";
import { answerParent } from "../child.ts";

let stop: (() => Promise<void>) | undefined;

async function start(options: Pick<ServeOptions, "persistTo" | "vars">): Promise<number> {
  const { runtime, url } = await serveWorker({ port: 0, ...options });
  stop = () => runtime.dispose();
  return Number(new URL(url).port);
}

answerParent({ start, stop: () => stop?.() });
