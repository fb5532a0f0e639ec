/**
 * The same work as handlers of a durable execution engine, in their own process as the engine requires. Each request
 * to the target is a journaled side effect, the wait for a callback is an awakeable, a lane is a virtual object.
 */
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { answerParent } from "../child.ts";
import { Pool } from "../pool.ts";

/** The used part of the engine's SDK, which is installed separately. */
interface Context {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  awakeable<T>(): { id: string; promise: Promise<T> };
}
type Handlers = Record<string, (context: Context, message: unknown) => Promise<unknown>>;
interface Sdk {
  service(definition: { name: string; handlers: Handlers }): unknown;
  object(definition: { name: string; handlers: Handlers }): unknown;
  createEndpointHandler(options: { services: unknown[] }): (request: never, response: never) => void;
}

export interface EngineServiceOptions {
  /** Folder of the installed SDK. */
  readonly folder: string;
  readonly target: string;
  /** The engine's own address, for callbacks. */
  readonly ingress: string;
}

const JSON_TYPE = { "content-type": "application/json" };

async function start({ folder, target, ingress }: EngineServiceOptions): Promise<number> {
  const installed = createRequire(`${folder}/package.json`);
  const sdk = installed("@restatedev/restate-sdk") as Sdk;
  const pool = new Pool(Number(new URL(target).port), true);
  const post = async (path: string, message: unknown, more: Record<string, string> = {}) => {
    const { status, body } = await pool.post(path, { ...JSON_TYPE, ...more }, JSON.stringify(message));
    if (status >= 300) throw new Error(`the target answered ${status}`);
    return body.length > 0 ? (JSON.parse(body.toString()) as unknown) : null;
  };
  const send: Handlers[string] = (context, message) => context.run("send", () => post("/ok", message));
  const handlers: Handlers = {
    accept: (context, message) => context.run("send", () => post("/hang", message)),
    deliver: send,
    sync: send,
    async: async (context, message) => {
      const { id, promise } = context.awakeable();
      const callback = { "x-link-callback-url": `${ingress}/restate/awakeables/${id}/resolve` };
      await context.run("send", () => post("/async", message, callback));
      return promise;
    },
  };
  const services = [
    sdk.service({ name: "bench", handlers }),
    sdk.object({ name: "lanes", handlers: { deliver: send } }),
  ];
  const http2 = await import("node:http2");
  const server = http2.createServer(sdk.createEndpointHandler({ services }) as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

answerParent({ start });
