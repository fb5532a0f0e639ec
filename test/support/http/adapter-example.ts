/** `examples/adapter` as its own process, and requests such as a gateway sends to it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { eventually } from "../target.ts";

export const SECRET = "s3cret";
/** The token of the document. Nobody but the gateway can tell whether it is genuine. */
export const TOKEN =
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3Y2E1YzAyMC01OTE5LTQwMGEtODQ2Zi1mZmIzZWJmMGE1MTIiLCJpYXQiOjE2ODA3MjE1NjIsImV4cCI6MTY4MDcyNTE2Mn0.sVwCFavOQf2ZpOD1SNtgjSD0Yc2mntRYUAzeRA8Iavo";

export const sign = (body: Uint8Array | string, secret = SECRET): string =>
  createHmac("sha256", secret).update(body).digest("base64");

export interface Example extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcess;
  readonly output: () => string;
}

export async function startExample(env: Record<string, string> = {}): Promise<Example> {
  const child = spawn(process.execPath, ["examples/adapter/main.mjs"], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", SHARED_SECRET: SECRET, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const exited = once(child, "exit");
  const url = await eventually(() => /listens at (http:\S+)\/input/.exec(output)?.[1]);
  return {
    ...{ url, child },
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

export interface Call {
  readonly configuration?: unknown;
  readonly payload?: unknown;
  /** The body instead of the two. */
  readonly body?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** Sends a request, signed unless other headers are given. */
export async function call(url: string, { configuration = {}, payload, method = "POST", ...more }: Call) {
  const body = more.body ?? JSON.stringify({ configuration, payload, callback: TOKEN });
  const headers = { "content-type": "application/json", ...(more.headers ?? { "x-chainio-signature": sign(body) }) };
  const response = await fetch(url, { method, headers, ...(method === "POST" && { body }) });
  const text = await response.text();
  return {
    status: response.status,
    text,
    json: JSON.parse(text),
    signature: response.headers.get("x-chainio-signature"),
  };
}

export const file = (name: string, type: string, body: string, encoding = "utf8") => ({
  file_name: name,
  mime_type: type,
  body,
  content_transfer_encoding: encoding,
});
