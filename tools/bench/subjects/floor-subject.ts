/** The floor as a subject: one process, two forms. */

import { withRuntime } from "../../lib/runtime-memory.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";
import { Child } from "../child.ts";
import { CALLBACK, type Scenario } from "../scenarios.ts";
import type { FloorOptions } from "./floor-server.ts";
import { type Destination, lanePaths, type Subject, type Surroundings } from "./subject.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** @returns the form that commits each write, and the one whose writes share commits. */
export async function startFloorSubjects({ target, shards, make }: Surroundings): Promise<Subject[]> {
  const folder = makeTemporaryFolder("floor");
  const server = new Child(new URL("./floor-server.ts", import.meta.url));
  const options: FloorOptions = { folder: folder.path, target, objects: shards };
  const [port, pid] = await withRuntime(() => server.ask<number>("start", options));
  const stop = async () => {
    await server.ask("stop");
    await server[Symbol.asyncDispose]();
    folder.remove();
  };
  const destination = async (form: string, { work, lanes }: Scenario, requests: number): Promise<Destination> => {
    const path = `/${form}/${work}`;
    const headers = JSON_TYPE;
    if (work === "forged") return { port, method: "GET", headers: {}, status: 404, paths: ["/cb/0"] };
    const mint = {
      port,
      method: "POST",
      headers,
      body: JSON.stringify(CALLBACK),
      status: 201,
      paths: [`/${form}/mint`],
    };
    if (work === "mint") return mint;
    if (work === "use") {
      const minted = await make(mint, requests);
      const paths = minted.map((text) => new URL((JSON.parse(text) as { callbackUrl: string }).callbackUrl).pathname);
      return { port, method: "POST", headers, body: '{"status":"paid"}', status: 200, paths };
    }
    const paths = lanePaths(path, lanes);
    return { port, method: "POST", headers, paths, status: work === "sync" || work === "async" ? 200 : 202 };
  };
  const subject = (form: string): Subject => ({
    name: form,
    pids: [pid],
    destination: (scenario, requests) => destination(form, scenario, requests),
    [Symbol.asyncDispose]: async () => undefined,
  });
  return [{ ...subject("plain"), [Symbol.asyncDispose]: stop }, subject("grouped")];
}
