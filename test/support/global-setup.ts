/** Builds the Worker once and starts the gateway that black-box tests share. */
import type { TestProject } from "vitest/node";
import { buildClient } from "../../scripts/lib/build/client-build.ts";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { startGateway } from "../../tools/lib/gateway.ts";
import type { GatewayAddress } from "./workspace.ts";

declare module "vitest" {
  interface ProvidedContext {
    gateway: GatewayAddress;
  }
}

export default async function setup(project: TestProject) {
  buildWorker();
  buildClient();
  const gateway = await startGateway();
  project.provide("gateway", { url: gateway.url, token: gateway.token });
  return () => gateway.stop();
}
